//! Container images.

use crate::config::scalars::{Digest, ImageRepository, ImageTag, SecretName};

section! {
    /// The site's own InvenioRDM image.
    pub struct Image {
        /// Registry and path, such as registry.example.org/rdm/site.
        repository: ImageRepository,
        /// Version of the image; `latest` is refused.
        tag: ImageTag,
        /// Digest that pins the image's content, `sha256:` and 64 hexadecimal digits.
        digest: Option<Digest> = None,
        /// When nodes pull images.
        pull_policy: PullPolicy = PullPolicy::IfNotPresent,
        /// Names of Secrets with registry credentials.
        pull_secrets: Vec<SecretName> = Vec::new(),
    }
}

section! {
    /// The image of a service, in place of the official one that invgen pins.
    pub struct ServiceImage {
        /// Registry and path.
        repository: ImageRepository,
        /// Version of the image; `latest` is refused.
        tag: ImageTag,
        /// Digest that pins the image's content, `sha256:` and 64 hexadecimal digits.
        digest: Option<Digest> = None,
    }
}

choice! {
    /// When nodes pull an image.
    pub enum PullPolicy {
        /// When it is not there yet.
        IfNotPresent = "IfNotPresent",
        /// At each start.
        Always = "Always",
    }
}
