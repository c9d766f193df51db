//! The forms in which names are exported.

use super::Lexer;

impl Lexer<'_> {
    fn text(word: &[u8]) -> Option<String> {
        let text = std::str::from_utf8(word).ok()?;
        (!text.contains('\\')).then(|| text.to_owned())
    }

    /// After `exports`: `.name =` or `['name'] =`.
    pub(super) fn member_assignment(&mut self) -> Option<()> {
        let name = if self.scan.take(b".") {
            Self::text(self.scan.take_word()?)?
        } else if self.scan.take(b"[") {
            let name = self.scan.take_string()?;
            self.scan.take(b"]").then_some(name)?
        } else {
            return None;
        };
        self.scan.take(b"=").then_some(())?;
        self.exports.insert(name);
        Some(())
    }

    /// After `module`: `.exports`, and either the forms of `exports` or an assignment of all exports.
    pub(super) fn module_exports(&mut self) -> Option<()> {
        (self.scan.take(b".") && self.scan.take(b"exports")).then_some(())?;
        if !self.scan.take(b"=") {
            return self.member_assignment();
        }
        self.assigned.clear();
        if self.scan.take(b"{") {
            return self.literal();
        }
        let specifier = self.required()?;
        self.assigned.insert(specifier);
        Some(())
    }

    /// After `module.exports = {`: names, names with values that are names, and spread modules, up to the first
    /// property of another form.
    fn literal(&mut self) -> Option<()> {
        loop {
            if self.scan.take(b"...") {
                match self.required() {
                    Some(specifier) => {
                        self.assigned.insert(specifier);
                    }
                    None => {
                        self.scan.take_word()?;
                    }
                }
            } else {
                self.property()?;
            }
            self.scan.take(b",").then_some(())?;
        }
    }

    fn property(&mut self) -> Option<()> {
        if let Some(word) = self.scan.take_word() {
            let name = Self::text(word)?;
            if self.scan.take(b":") {
                self.scan.take_word()?;
            }
            self.exports.insert(name);
            return Some(());
        }
        let name = self.scan.take_string()?;
        self.scan.take(b":").then_some(())?;
        self.scan.take_word()?;
        self.exports.insert(name);
        Some(())
    }

    /// `require('specifier')`.
    fn required(&mut self) -> Option<String> {
        let start = self.scan.position();
        let specifier = (|| {
            (self.scan.take(b"require") && self.scan.take(b"(")).then_some(())?;
            let specifier = self.scan.take_string()?;
            self.scan.take(b")").then_some(specifier)
        })();
        if specifier.is_none() {
            self.scan.go_back(start);
        }
        specifier
    }

    /// After `__export` or `__exportStar`: `(require('specifier')`.
    pub(super) fn export_star(&mut self) -> Option<()> {
        self.scan.take(b"(").then_some(())?;
        let specifier = self.required()?;
        self.reexports.insert(specifier);
        Some(())
    }

    /// After `var`: `name = require('specifier')`, also through Babel's function, and those that follow.
    pub(super) fn required_variable(&mut self) -> Option<()> {
        loop {
            let name = Self::text(self.scan.take_word()?)?;
            self.scan.take(b"=").then_some(())?;
            let is_wrapped = self.scan.take(b"_interopRequireWildcard") && self.scan.take(b"(");
            let specifier = self.required()?;
            if is_wrapped {
                self.scan.take(b")").then_some(())?;
            }
            self.required.insert(name, specifier);
            self.scan.take(b",").then_some(())?;
        }
    }

    /// After `Object`: `.defineProperty(exports, …)` or `.keys(module).forEach(…)`.
    pub(super) fn object_call(&mut self) -> Option<()> {
        self.scan.take(b".").then_some(())?;
        if self.scan.take(b"defineProperty") {
            return self.definition();
        }
        if self.open.is_empty() && self.scan.take(b"keys") {
            return self.copied_keys();
        }
        None
    }

    fn exports_object(&mut self) -> bool {
        self.scan.take(b"exports")
            || (self.scan.take(b"module") && self.scan.take(b".") && self.scan.take(b"exports"))
    }

    /// After `Object.defineProperty`: a value, or a getter that returns a name or a member of one.
    fn definition(&mut self) -> Option<()> {
        (self.scan.take(b"(") && self.exports_object() && self.scan.take(b",")).then_some(())?;
        let name = self.scan.take_string()?;
        (self.scan.take(b",") && self.scan.take(b"{")).then_some(())?;
        if self.scan.take(b"enumerable") {
            (self.scan.take(b":") && self.scan.take(b"true") && self.scan.take(b",")).then_some(())?;
        }
        if self.scan.take(b"value") {
            self.scan.take(b":").then_some(())?;
            self.exports.insert(name);
            return Some(());
        }
        self.scan.take(b"get").then_some(())?;
        if self.scan.take(b":") {
            self.scan.take(b"function").then_some(())?;
            if !self.scan.take(b"(") {
                self.scan.take_word()?;
                self.scan.take(b"(").then_some(())?;
            }
        } else {
            self.scan.take(b"(").then_some(())?;
        }
        (self.scan.take(b")") && self.scan.take(b"{") && self.scan.take(b"return")).then_some(())?;
        self.scan.take_word()?;
        if self.scan.take(b".") {
            self.scan.take_word()?;
        } else if self.scan.take(b"[") {
            self.scan.take_string()?;
            self.scan.take(b"]").then_some(())?;
        }
        self.scan.take(b";");
        self.scan.take(b"}").then_some(())?;
        self.scan.take(b",");
        (self.scan.take(b"}") && self.scan.take(b")")).then_some(())?;
        self.exports.insert(name);
        Some(())
    }

    /// After `Object.keys`: Babel's and TypeScript's loop that copies every export of a required module.
    fn copied_keys(&mut self) -> Option<()> {
        self.scan.take(b"(").then_some(())?;
        let module = self.scan.take_word()?;
        (self.scan.take(b")") && self.scan.take(b".") && self.scan.take(b"forEach") && self.scan.take(b"("))
            .then_some(())?;
        (self.scan.take(b"function") && self.scan.take(b"(")).then_some(())?;
        let key = self.scan.take_word()?;
        (self.scan.take(b")") && self.scan.take(b"{") && self.scan.take(b"if") && self.scan.take(b"("))
            .then_some(())?;
        self.excluded_keys(module, key)?;
        if self.scan.take(b"exports") {
            (self.is_member(key) && self.scan.take(b"=") && self.scan.take(module) && self.is_member(key))
                .then_some(())?;
        } else {
            self.copied_definition(module, key)?;
        }
        let specifier = self.required.get(std::str::from_utf8(module).ok()?)?.clone();
        self.reexports.insert(specifier);
        Some(())
    }

    fn is_member(&mut self, key: &[u8]) -> bool {
        self.scan.take(b"[") && self.scan.take(key) && self.scan.take(b"]")
    }

    /// The conditions under which a key is not copied, each with its `return` or together around the copy.
    fn excluded_keys(&mut self, module: &[u8], key: &[u8]) -> Option<()> {
        (self.scan.take(key)).then_some(())?;
        if self.scan.take(b"!==") {
            matches!(self.scan.take_string()?.as_str(), "default").then_some(())?;
            if self.scan.take(b"&&") {
                self.scan.take(b"!").then_some(())?;
                self.own_key(key)?;
            }
            self.scan.take(b")").then_some(())?;
            return Some(());
        }
        self.scan.take(b"===").then_some(())?;
        (self.scan.take_string()? == "default").then_some(())?;
        (self.scan.take(b"||") && self.scan.take(key) && self.scan.take(b"===")).then_some(())?;
        (self.scan.take_string()? == "__esModule").then_some(())?;
        (self.scan.take(b")") && self.scan.take(b"return")).then_some(())?;
        self.scan.take(b";");
        while self.scan.take(b"if") {
            self.scan.take(b"(").then_some(())?;
            self.known_key(module, key)?;
            (self.scan.take(b")") && self.scan.take(b"return")).then_some(())?;
            self.scan.take(b";");
        }
        Some(())
    }

    /// `exports.hasOwnProperty(key)`, `Object.prototype.hasOwnProperty.call(exports, key)` or `names(key)`.
    fn own_key(&mut self, key: &[u8]) -> Option<()> {
        let is_method =
            self.scan.take_word()? == b"Object" && self.scan.take(b".") && self.scan.take(b"prototype");
        if self.scan.take(b".") {
            self.scan.take(b"hasOwnProperty").then_some(())?;
        }
        if is_method {
            (self.scan.take(b".") && self.scan.take(b"call") && self.scan.take(b"(")).then_some(())?;
            (self.exports_object() && self.scan.take(b",")).then_some(())?;
        } else {
            self.scan.take(b"(").then_some(())?;
        }
        (self.scan.take(key) && self.scan.take(b")")).then_some(())
    }

    /// `key in exports && exports[key] === module[key]`, or a look into the list of names.
    fn known_key(&mut self, module: &[u8], key: &[u8]) -> Option<()> {
        if self.scan.take(key) {
            (self.scan.take(b"in") && self.scan.take(b"exports")).then_some(())?;
            if self.scan.take(b"&&") {
                (self.scan.take(b"exports") && self.is_member(key) && self.scan.take(b"===")).then_some(())?;
                (self.scan.take(module) && self.is_member(key)).then_some(())?;
            }
            return Some(());
        }
        let dotted = [&b"Object"[..], b".", b"prototype", b".", b"hasOwnProperty", b".", b"call", b"("];
        dotted.iter().all(|token| self.scan.take(token)).then_some(())?;
        self.scan.take_word()?;
        (self.scan.take(b",") && self.scan.take(key) && self.scan.take(b")")).then_some(())
    }

    /// `Object.defineProperty(exports, key, { enumerable: true, get: function () { return module[key]; } })`.
    fn copied_definition(&mut self, module: &[u8], key: &[u8]) -> Option<()> {
        (self.scan.take(b"Object") && self.scan.take(b".") && self.scan.take(b"defineProperty"))
            .then_some(())?;
        (self.scan.take(b"(") && self.exports_object() && self.scan.take(b",")).then_some(())?;
        (self.scan.take(key) && self.scan.take(b",") && self.scan.take(b"{")).then_some(())?;
        (self.scan.take(b"enumerable") && self.scan.take(b":") && self.scan.take(b"true")).then_some(())?;
        (self.scan.take(b",") && self.scan.take(b"get")).then_some(())?;
        if self.scan.take(b":") {
            self.scan.take(b"function").then_some(())?;
            let _ = self.scan.take_word();
        }
        (self.scan.take(b"(") && self.scan.take(b")") && self.scan.take(b"{")).then_some(())?;
        (self.scan.take(b"return") && self.scan.take(module) && self.is_member(key)).then_some(())
    }
}
