//! The stable codes of diagnostics: one table, from which documentation and SARIF rules are made.

/// What a code stands for.
#[derive(Clone, Copy, Debug)]
pub struct Code {
    /// `INV` and three digits; never given to anything else later.
    pub code: &'static str,
    /// A few words, for lists of rules.
    pub title: &'static str,
    /// One sentence: when it is reported.
    pub meaning: &'static str,
}

macro_rules! codes {
    ($($name:ident = $code:literal, $title:literal, $meaning:literal;)*) => {
        $(#[doc = $meaning] pub const $name: &str = $code;)*

        /// Every code, in ascending order.
        pub const ALL: &[Code] = &[$(Code { code: $code, title: $title, meaning: $meaning }),*];
    };
}

codes! {
    UNREADABLE = "INV001", "unreadable file", "A file cannot be read, is too large or is not UTF-8.";
    SYNTAX = "INV002", "YAML syntax", "A text is not one YAML document with a map of text keys.";
    DUPLICATE_KEY = "INV003", "duplicate key", "A map holds the same key twice.";
    UNKNOWN_KEY = "INV004", "unknown key", "A key means nothing at the place where it is written.";
    WRONG_TYPE = "INV005", "wrong type", "A value is of another type than the key takes.";
    INVALID_VALUE = "INV006", "invalid value", "A value has the right type but is out of range, malformed or not among the choices.";
    MISSING_KEY = "INV007", "missing key", "A key that has no default is written neither in the site file nor in the profile.";
    BAD_SET = "INV008", "bad --set", "The argument of `--set` is not `path=value`, or its path leads nowhere.";
    UNKNOWN_PROFILE = "INV009", "unknown profile", "The profile asked for is neither built in nor defined by the site file.";
    FILES_ON_ONE_NODE = "INV010", "files on one node", "Several pods mount a volume for files that one node can mount.";
    SHARED_DATABASE = "INV011", "database on a shared volume", "A service keeps its data on a volume that many nodes can mount.";
    DATA_DELETED = "INV012", "data goes with its service", "In production, volumes are deleted with the service that uses them.";
    AUTOSCALING_BOUNDS = "INV013", "autoscaling bounds", "An autoscaler's fewest pods are more than its most.";
    REQUEST_ABOVE_LIMIT = "INV014", "request above limit", "A container reserves more than it may use.";
    MEMORY_PER_PROCESS = "INV015", "too little memory", "The processes of a pod do not fit into its memory.";
    TOO_MANY_CONNECTIONS = "INV016", "too many connections", "Processes may open more connections than PostgreSQL takes.";
    SMALL_POOL = "INV017", "small connection pool", "A process has more threads than connections to PostgreSQL.";
    HEAP = "INV018", "OpenSearch heap", "The heap of OpenSearch does not suit its memory.";
    SEARCH_MEMORY = "INV019", "OpenSearch memory", "OpenSearch has less memory than it needs to start.";
    SEARCH_NODES = "INV020", "OpenSearch nodes", "The number of OpenSearch nodes gives no majority, or an odd one would do as well.";
    UNREAD_QUEUE = "INV021", "queue without worker", "No worker takes tasks from a queue that the application uses.";
    REPEATED_QUEUE = "INV022", "repeated queue", "A worker lists the same queue twice.";
    SETUP_DEADLINE = "INV023", "deadline below wait", "A Job may wait for services as long as it may run.";
    UPLOAD_SIZES = "INV024", "upload sizes", "The sizes of files, records and the volume for files contradict each other.";
    UPLOAD_TIMEOUT = "INV025", "upload timeout", "The largest file cannot arrive in the time that an upload may take.";
    MOVING_TAG = "INV026", "image tag latest", "An image tag is not a version.";
    KUBERNETES_VERSION = "INV027", "unsupported Kubernetes", "The cluster's version is not supported.";
    SERVICE_VERSION = "INV028", "service version", "The image of a service does not suit the InvenioRDM version.";
    LONG_NAME = "INV029", "name too long", "The name of an object would be longer than the cluster takes.";
    NAME_BEGINS_WITH_DIGIT = "INV030", "name begins with a digit", "The site's name begins with a digit, which Services may not.";
    RESERVED_KEY = "INV031", "reserved key", "A label or annotation belongs to Kubernetes, or is set in another way.";
    SHARED_SECRET = "INV032", "shared Secret", "One Secret is named for two purposes.";
    NOT_EXPOSED = "INV033", "not exposed", "A production site cannot be reached from outside the cluster.";
    NO_TLS = "INV034", "no HTTPS", "A site that is more than a trial is served without HTTPS.";
    NO_CERTIFICATE = "INV035", "no certificate", "HTTPS names neither an issuer nor a Secret with a certificate.";
    UNKNOWN_CONTROLLER = "INV036", "unknown ingress controller", "NetworkPolicies need to know where the ingress controller runs.";
    RETIRED_CONTROLLER = "INV037", "retired ingress controller", "The ingress controller is no longer maintained.";
    LOCAL_DOMAIN = "INV038", "local domain", "A domain leads visitors to their own machine.";
    NOBODY_SIGNS_IN = "INV039", "nobody can sign in", "The site file switches passwords off and names no other way to sign in.";
    LOCAL_LOGIN_ALONE = "INV040", "local login alone", "In production, passwords are the only way to sign in and anybody may register.";
    NO_MAIL = "INV041", "no mail", "People may register in production, but the site file names no mail server that confirms their accounts.";
    MAIL_PORT_CLOSED = "INV042", "mail server cut off", "NetworkPolicies let no connection out to the mail server.";
    MAIL_PASSWORD_IN_CLEAR = "INV043", "mail password in clear", "The password for the mail server is sent without encryption.";
    MAIL_PORT = "INV044", "mail port and encryption", "Port and encryption of the mail server do not go together.";
    EGRESS_NAME = "INV045", "repeated egress name", "Two networks outside the cluster have the same name.";
    EGRESS_PORTS = "INV046", "egress without ports", "A network outside the cluster is listed without a port.";
    TOLERATION = "INV047", "toleration", "A toleration's operator and value contradict each other.";
    SMALL_QUOTA = "INV048", "quota too small", "The site's own pods exceed the namespace's quota at their most.";
    SHARED_NAMESPACE = "INV049", "shared namespace", "Two profiles have the same namespace.";
    SHARED_DOMAIN = "INV050", "shared domain", "Two profiles have the same domain.";
    IMAGES_FOR_TRIALS = "INV051", "images for trials", "In production, a Bitnami chart runs images that are frozen or that have no fixed version.";
    IMAGES_NOT_GIVEN_AWAY = "INV052", "image not given away", "A Bitnami chart's image is not among those that are given away.";
    MIRROR = "INV053", "mirror of images", "A mirror of a Bitnami chart's images names no registry, or an image that the chart does not have.";
    NO_FAILOVER = "INV054", "no failover", "In production, copies of a database do not take over by themselves.";
    REPLICAS = "INV055", "replicas", "The number of servers does not suit how a service is laid out.";
    TEMPLATE_IN_ANNOTATION = "INV056", "template in an annotation", "A Bitnami chart would read an annotation as a template.";
}

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn codes_are_well_formed_ascending_and_explained() {
        assert!(ALL.windows(2).all(|pair| pair[0].code < pair[1].code));
        for code in ALL {
            let digits = code.code.strip_prefix("INV").expect(code.code);
            assert!(
                digits.len() == 3 && digits.bytes().all(|b| b.is_ascii_digit()),
                "{}",
                code.code
            );
            assert!(
                !code.title.is_empty() && code.meaning.ends_with('.'),
                "{}",
                code.code
            );
        }
    }
}
