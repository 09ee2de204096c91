//! The second Borg the tests run over: the newest 1.4, beside the 1.2 of Debian 12. Built by pip from source.

use crate::python::Package;

/// Where it comes from.
pub(crate) const BORG: Package = Package {
    name: "borgbackup",
    version: "1.4.5",
    program: "borg",
};
