//! How people sign in.

section! {
    /// How people sign in.
    pub struct Auth {
        /// Accounts with a password kept by InvenioRDM itself; as in the image's own settings if not set.
        local: Option<LocalAuth> = None,
    }
}

section! {
    /// Accounts with a password kept by InvenioRDM itself.
    pub struct LocalAuth {
        /// Whether people sign in with a local password.
        enabled: bool = true,
        /// Whether people may register by themselves.
        registration: bool = true,
    }
}
