//! Reading arguments from a path and a query, where every value is text.
//!
//! `true` may be written as clients of other servers write it (`True`, `1`, `yes`, `on`), and of a
//! name that comes twice the last counts. A struct of the api is read from it as from JSON.

use std::collections::BTreeMap;

use serde::de::value::{Error, MapDeserializer};
use serde::de::{Deserializer, Error as _, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

/// Makes a source of arguments out of names and their texts.
pub(crate) fn source(
    values: BTreeMap<String, String>,
) -> MapDeserializer<'static, impl Iterator<Item = (String, Text)>, Error> {
    MapDeserializer::new(values.into_iter().map(|(name, value)| (name, Text(value))))
}

/// One value.
pub(crate) struct Text(String);

impl IntoDeserializer<'_> for Text {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Text {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_string(self.0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_i64(self.0.parse().map_err(Error::custom)?)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => visitor.visit_bool(true),
            "false" | "0" | "no" | "off" => visitor.visit_bool(false),
            _ => Err(Error::custom("not true or false")),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let word: serde::de::value::StringDeserializer<Error> = self.0.into_deserializer();
        word.deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use alcove_api::arguments;
    use alcove_api::types::ListBackupJobs;

    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<ListBackupJobs, Option<String>> {
        let values = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        arguments::read(source(values.collect())).map_err(|error| error.field)
    }

    #[test]
    fn texts_become_what_the_argument_is() {
        let pairs = [
            ("limit", "7"),
            ("manual_only", "True"),
            ("repository", "5"),
            ("status", "failed"),
        ];
        let list = read(&pairs).unwrap();
        assert_eq!((list.limit, list.manual_only), (Some(7), Some(true)));
        assert_eq!(list.repository.as_deref(), Some("5"));
        assert_eq!(list.status.unwrap().as_str(), "failed");
        assert_eq!(list.before_id, None);
    }

    #[test]
    fn a_text_that_is_something_else_is_named() {
        for (name, value) in [("limit", "7x"), ("manual_only", "2"), ("status", "x")] {
            let refused = read(&[(name, value)]).unwrap_err();
            assert_eq!(refused.as_deref(), Some(name));
        }
    }
}
