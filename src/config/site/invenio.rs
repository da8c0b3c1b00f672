//! Settings of InvenioRDM itself.

use crate::config::decode::{Int, literal};
use crate::config::scalars::{Duration, Email, Quantity, Text};

section! {
    /// Settings of InvenioRDM itself.
    pub struct Invenio {
        /// Major version of InvenioRDM in the image.
        version: InvenioVersion,
        /// Name of the repository, shown in page titles and mails; as in the image's own settings if not set.
        site_name: Option<Text> = None,
        /// Address for notices of the application, also named to harvesters.
        admin_email: Option<Email> = None,
        /// Time zone of dates on pages; as in the image's own settings if not set.
        timezone: Option<Text> = None,
        /// Least severe messages that are logged.
        log_level: LogLevel = LogLevel::Info,
        /// Connections that each process keeps to PostgreSQL.
        database_pool: DatabasePool = DatabasePool { size: Int::of(2), max_overflow: Int::of(2) },
        /// Sizes of uploads.
        uploads: Uploads,
    }
}

section! {
    /// Connections that each process keeps to PostgreSQL.
    pub struct DatabasePool {
        /// Connections kept open.
        size: Int<1, 100> = Int::of(2),
        /// Connections opened beyond these under load.
        max_overflow: Int<0, 100> = Int::of(2),
    }
}

section! {
    /// Sizes of uploads.
    pub struct Uploads {
        /// Largest single file.
        max_file_size: Quantity = literal("10G"),
        /// Largest record, all files together.
        record_quota: Quantity = literal("10G"),
        /// Most files of a record.
        max_files: Int<1, 100_000> = Int::of(100),
        /// Longest time that one upload may take.
        timeout: Duration = literal("1h"),
    }
}

choice! {
    /// Major version of InvenioRDM.
    pub enum InvenioVersion {
        /// InvenioRDM 12.
        V12 = "12",
        /// InvenioRDM 13.
        V13 = "13",
        /// InvenioRDM 14.
        V14 = "14",
    }
}

choice! {
    /// Severity of log messages.
    pub enum LogLevel {
        /// Everything.
        Debug = "DEBUG",
        /// What happens.
        Info = "INFO",
        /// What may become a problem.
        Warning = "WARNING",
        /// What failed.
        Error = "ERROR",
    }
}
