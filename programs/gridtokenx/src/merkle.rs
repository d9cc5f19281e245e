//! The root that a contiguous range of leaves and its proof lead to.

use alloc::vec::Vec;

use crate::sha256::{sha256, Hash};

#[inline(always)]
fn parent(left: &Hash, right: &Hash) -> Hash {
    sha256(&[&[1], left, right])
}

/// The root of a tree of `total` leaves in which `nodes` stand from `first` on. None when the proof is not
/// exactly as long as the range needs. The caller has checked that the range is not empty and in the tree.
pub fn root_of(mut nodes: Vec<Hash>, first: u32, total: u32, proof: &[Hash]) -> Option<Hash> {
    let mut siblings = proof.iter();
    let (mut low, mut high, mut width) = (first, first + nodes.len() as u32, total);
    while width > 1 {
        let (mut read, mut write) = (0, 0);
        if low % 2 == 1 {
            nodes[0] = parent(siblings.next()?, &nodes[0]);
            (read, write) = (1, 1);
        }
        while read + 1 < nodes.len() {
            nodes[write] = parent(&nodes[read], &nodes[read + 1]);
            read += 2;
            write += 1;
        }
        if read < nodes.len() {
            nodes[write] = if high < width { parent(&nodes[read], siblings.next()?) } else { nodes[read] };
            write += 1;
        }
        nodes.truncate(write);
        (low, high, width) = (low / 2, high.div_ceil(2), width.div_ceil(2));
    }
    siblings.next().is_none().then(|| nodes[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(count: u32) -> Vec<Hash> {
        (0..count).map(|index| sha256(&[&index.to_le_bytes()])).collect()
    }

    fn levels(mut level: Vec<Hash>) -> Vec<Vec<Hash>> {
        let mut levels = Vec::new();
        while level.len() > 1 {
            let next = level
                .chunks(2)
                .map(|pair| if pair.len() == 2 { parent(&pair[0], &pair[1]) } else { pair[0] })
                .collect();
            levels.push(core::mem::replace(&mut level, next));
        }
        levels.push(level);
        levels
    }

    fn proof(levels: &[Vec<Hash>], first: usize, count: usize) -> Vec<Hash> {
        let (mut low, mut high) = (first, first + count);
        let mut proof = Vec::new();
        for level in &levels[..levels.len() - 1] {
            if low % 2 == 1 {
                low -= 1;
                proof.push(level[low]);
            }
            if high % 2 == 1 && high < level.len() {
                proof.push(level[high]);
                high += 1;
            }
            (low, high) = (low / 2, high.div_ceil(2));
        }
        proof
    }

    #[test]
    fn every_range_of_small_trees() {
        for total in 1..=20u32 {
            let levels = levels(leaves(total));
            let root = levels[levels.len() - 1][0];
            for first in 0..total {
                for count in 1..=total - first {
                    let range = leaves(total)[first as usize..(first + count) as usize].to_vec();
                    let mut proof = proof(&levels, first as usize, count as usize);
                    assert_eq!(root_of(range.clone(), first, total, &proof), Some(root));
                    proof.push([0; 32]);
                    assert_eq!(root_of(range, first, total, &proof), None);
                }
            }
        }
    }
}
