//! The three ways to declare a type of the site file. Doc comments reach the JSON Schema.

/// A map with known keys.
///
/// ```text
/// section! {
///     /// The web server.
///     pub struct Web {
///         /// Processes of one pod.
///         processes: Int<1, 64> = Int::of(4),
///         /// Pods.
///         replicas: Int<1, 100>,
///         /// Space for temporary files.
///         ephemeral_storage as "ephemeral-storage": Option<Quantity> = None,
///     }
/// }
/// ```
///
/// A field with no default is required, unless it is an `Option` or a section in which nothing is required. The key is the
/// field's name in camel case, or what follows `as`. Every field is public; the type is `Clone`, `Debug` and `PartialEq`.
macro_rules! section {
    (
        $(#[doc = $doc:literal])*
        pub struct $name:ident {
            $($(#[doc = $field_doc:literal])* $field:ident $(as $key:literal)? : $type:ty $(= $default:expr)?),* $(,)?
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            $($(#[doc = $field_doc])* pub $field: $type,)*
        }

        impl $crate::config::decode::Section for $name {
            const NAME: &'static str = stringify!($name);

            fn description() -> String {
                $crate::config::decode::section::description(concat!($($doc, "\n"),*))
            }

            fn fields() -> &'static [$crate::config::decode::Field] {
                static FIELDS: std::sync::LazyLock<Vec<$crate::config::decode::Field>> = std::sync::LazyLock::new(|| {
                    vec![$($crate::config::decode::Field::new::<$type>(
                        stringify!($field),
                        section!(@key $($key)?),
                        concat!($($field_doc, "\n"),*),
                        section!(@has_default $($default)?),
                    )),*]
                });
                &FIELDS
            }

            #[allow(unused_variables)]
            fn read(reader: &mut $crate::config::decode::section::Reader) -> Option<Self> {
                // Every field is read before the first failure ends it, so that each reports.
                $(let $field: Option<$type> = reader.field(section!(@default $type $(, $default)?));)*
                Some(Self { $($field: $field?),* })
            }

            #[allow(unused_variables, unused_mut, unused_assignments)]
            fn describe(object: &mut $crate::config::schema::Object, schemas: &mut $crate::config::schema::Schemas) {
                let mut fields = <Self as $crate::config::decode::Section>::fields().iter();
                $(object.field::<$type>(fields.next(), section!(@default $type $(, $default)?), schemas);)*
            }

            #[allow(unused_variables, unused_mut, unused_assignments)]
            fn write(&self, map: &mut serde_json::Map<String, serde_json::Value>) {
                let mut fields = <Self as $crate::config::decode::Section>::fields().iter();
                $(if let Some(field) = fields.next() {
                    map.insert(field.key.clone(), $crate::config::decode::Decode::encode(&self.$field));
                })*
            }
        }

        impl $crate::config::decode::Decode for $name {
            fn decode(
                node: &$crate::config::node::Node,
                path: &$crate::config::path::Path,
                cx: &mut $crate::config::decode::Context,
            ) -> Option<Self> {
                $crate::config::decode::section::decode(node, path, cx)
            }

            fn wanted() -> std::borrow::Cow<'static, str> {
                $crate::config::decode::section::wanted::<Self>().into()
            }

            fn example() -> String {
                $crate::config::decode::section::example::<Self>()
            }

            fn schema(schemas: &mut $crate::config::schema::Schemas) -> serde_json::Value {
                $crate::config::decode::section::schema::<Self>(schemas)
            }

            fn encode(&self) -> serde_json::Value {
                $crate::config::decode::section::encode(self)
            }

            fn optional() -> bool {
                $crate::config::decode::section::optional::<Self>()
            }

            fn absent(
                path: &$crate::config::path::Path,
                _: &str,
                cx: &mut $crate::config::decode::Context,
            ) -> Option<Self> {
                $crate::config::decode::section::absent(path, cx)
            }
        }
    };
    (@key) => { None };
    (@key $key:literal) => { Some($key) };
    (@has_default) => { false };
    (@has_default $default:expr) => { true };
    (@default $type:ty) => { None::<fn() -> $type> };
    (@default $type:ty, $default:expr) => { Some((|| $default) as fn() -> $type) };
}

/// One of a few words.
///
/// ```text
/// choice! {
///     /// Which server.
///     pub enum Engine {
///         /// The original.
///         Redis = "redis",
///         /// The fork under an open licence.
///         Valkey = "valkey",
///     }
/// }
/// ```
///
/// The type is `Copy`, ordered as declared, and shows itself as its word; `ALL` lists its values.
macro_rules! choice {
    (
        $(#[doc = $doc:literal])*
        pub enum $name:ident {
            $($(#[doc = $variant_doc:literal])* $variant:ident = $word:literal),* $(,)?
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name {
            $($(#[doc = $variant_doc])* $variant,)*
        }

        impl $name {
            const WORDS: &'static [$crate::config::decode::choice::Word<Self>] = &[
                $($crate::config::decode::choice::Word {
                    word: $word,
                    docs: concat!($($variant_doc, "\n"),*),
                    value: Self::$variant,
                }),*
            ];

            /// Every value, as declared.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word that the site file holds.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),*
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl $crate::config::decode::Decode for $name {
            fn decode(
                node: &$crate::config::node::Node,
                path: &$crate::config::path::Path,
                cx: &mut $crate::config::decode::Context,
            ) -> Option<Self> {
                $crate::config::decode::choice::decode(Self::WORDS, node, path, cx)
            }

            fn wanted() -> std::borrow::Cow<'static, str> {
                $crate::config::decode::choice::wanted(Self::WORDS).into()
            }

            fn example() -> String {
                $crate::config::decode::choice::example(Self::WORDS)
            }

            fn schema(schemas: &mut $crate::config::schema::Schemas) -> serde_json::Value {
                $crate::config::decode::choice::schema(schemas, stringify!($name), concat!($($doc, "\n"),*), Self::WORDS)
            }

            fn encode(&self) -> serde_json::Value {
                serde_json::Value::from(self.as_str())
            }
        }
    };
}

/// A map in which one key says which other keys there are.
///
/// ```text
/// tagged! {
///     /// The database.
///     pub enum Postgresql by "provider" {
///         /// Runs beside the application.
///         Internal(PostgresqlInternal) = "internal",
///     }
/// }
/// ```
///
/// Each variant holds a `section!`. The type is `Clone`, `Debug` and `PartialEq`.
macro_rules! tagged {
    (
        $(#[doc = $doc:literal])*
        pub enum $name:ident by $tag:literal {
            $($(#[doc = $variant_doc:literal])* $variant:ident($section:ty) = $word:literal),* $(,)?
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub enum $name {
            $($(#[doc = $variant_doc])* $variant($section),)*
        }

        impl $name {
            const VARIANTS: &'static [$crate::config::decode::tagged::Variant<Self>] = &[
                $($crate::config::decode::tagged::Variant {
                    word: $word,
                    docs: concat!($($variant_doc, "\n"),*),
                    fields: <$section as $crate::config::decode::Section>::fields,
                    read: |node, path, cx, reported| {
                        $crate::config::decode::tagged::read::<$section>(node, path, cx, reported).map(Self::$variant)
                    },
                    describe: <$section as $crate::config::decode::Section>::describe,
                }),*
            ];

            /// The word that chooses this variant.
            pub const fn tag(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $word),*
                }
            }
        }

        impl $crate::config::decode::Decode for $name {
            fn decode(
                node: &$crate::config::node::Node,
                path: &$crate::config::path::Path,
                cx: &mut $crate::config::decode::Context,
            ) -> Option<Self> {
                $crate::config::decode::tagged::decode($tag, Self::VARIANTS, node, path, cx)
            }

            fn wanted() -> std::borrow::Cow<'static, str> {
                $crate::config::decode::tagged::wanted($tag).into()
            }

            fn example() -> String {
                $crate::config::decode::tagged::example($tag, Self::VARIANTS)
            }

            fn schema(schemas: &mut $crate::config::schema::Schemas) -> serde_json::Value {
                let docs = concat!($($doc, "\n"),*);
                $crate::config::decode::tagged::schema(schemas, stringify!($name), docs, $tag, Self::VARIANTS)
            }

            fn encode(&self) -> serde_json::Value {
                match self {
                    $(Self::$variant(section) => $crate::config::decode::tagged::encode($tag, $word, section)),*
                }
            }
        }
    };
}
