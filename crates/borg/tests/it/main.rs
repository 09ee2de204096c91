//! Running Borg: a fake one for what goes wrong, the real one for what Alcove believes of it.

#[cfg(test)]
mod follow;
#[cfg(test)]
mod processes;
#[cfg(test)]
mod real_borg;
