//! Issues a certificate over energy of a past period.

use crate::{
    accounts::{begin, load, must_be, tail_mut},
    args::Args,
    clock::{now, WINDOW_SECONDS},
    create::{create, Funding},
    discriminator::event,
    entrypoint::Call,
    error::{require, GridError},
    event::{Event, Events},
    layout::Layout,
    sha256::sha256,
    state::{
        certificate::{self, MAX_ID_BYTES},
        Certificate, Config,
    },
    Outcome,
};

#[inline(never)]
pub fn issue_certificate(call: &mut Call) -> Outcome {
    let mut args = Args(call.data);
    let id = args.items::<1>()?.as_flattened();
    let owner = args.address()?;
    let energy = args.u64()?;
    let (start, end) = (args.i64()?, args.i64()?);
    args.end()?;
    let [payer, issuer, config, certificate, system_program, event_authority, program] = &mut *call.accounts
    else {
        return Err(GridError::WrongAccountCount.into());
    };
    let config = load::<Config>(config, call.program_id)?;
    must_be(issuer, &config.roles.issuer)?;
    config.must_run()?;
    let events = Events::new(event_authority, program, config, call.program_id)?;
    let is_id = (1..=MAX_ID_BYTES).contains(&id.len()) && core::str::from_utf8(id).is_ok();
    require(is_id, GridError::InvalidCertificateId)?;
    require(energy > 0, GridError::ZeroAmount)?;
    must_be_past_period(start, end)?;
    require(!certificate.owned_by(call.program_id), GridError::CertificateExists)?;

    let funding = Funding { payer, system_program };
    let digest = sha256(&[id]);
    let seeds = [certificate::SEED, digest.as_slice()];
    create(&funding, certificate, &seeds, Certificate::SIZE + id.len(), call.program_id)?;
    let state = begin::<Certificate>(certificate, call.program_id)?;
    state.owner = *owner;
    state.issuer = *issuer.address();
    state.energy.set(energy);
    state.period_start.set(start);
    state.period_end.set(end);
    state.id_bytes.set(id.len() as u32);
    tail_mut::<Certificate>(certificate).copy_from_slice(id);

    events.emit(
        Event::new(event::CERTIFICATE_ISSUED)
            .text(id)
            .address(owner)
            .address(issuer.address())
            .u64(energy)
            .u64(start as u64)
            .u64(end as u64),
    );
    Ok(())
}

fn must_be_past_period(start: i64, end: i64) -> Outcome {
    let bounds = (u64::try_from(start), u64::try_from(end));
    let (Ok(start), Ok(end)) = bounds else {
        return Err(GridError::InvalidPeriod.into());
    };
    require(start < end && end <= now()?, GridError::InvalidPeriod)?;
    let is_aligned = start % WINDOW_SECONDS == 0 && end % WINDOW_SECONDS == 0;
    require(is_aligned, GridError::UnalignedPeriod)
}
