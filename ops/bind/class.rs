//! Classes that a binding gives to JavaScript.

use super::Exported;
use super::convert::{internalized, set};

/// A class: its JavaScript name, how an object becomes one of its own and what it can do.
pub struct Class {
    /// The name of the constructor.
    pub name: &'static str,
    /// How many internal fields its objects have.
    pub fields: usize,
    /// Called for `new Class(...)`.
    pub construct: fn() -> v8::FunctionCallback,
    /// Its methods, in a fixed order: the start-up snapshot refers to them by position.
    pub methods: fn() -> Vec<Exported>,
    /// The getters of its read-only properties, likewise.
    pub getters: fn() -> Vec<Exported>,
}

impl Class {
    /// Puts the constructor on a binding object.
    pub fn install(&self, scope: &mut v8::PinScope<'_, '_>, binding: v8::Local<'_, v8::Object>) {
        let template = v8::FunctionTemplate::builder_raw((self.construct)()).build(scope);
        template.set_class_name(internalized(scope, self.name));
        template.instance_template(scope).set_internal_field_count(self.fields);
        let prototype = template.prototype_template(scope);
        for exported in (self.methods)() {
            let method = v8::FunctionTemplate::builder_raw(exported.callback)
                .constructor_behavior(v8::ConstructorBehavior::Throw)
                .build(scope);
            prototype.set(exported.key(scope).into(), method.into());
        }
        for exported in (self.getters)() {
            let getter = v8::FunctionTemplate::builder_raw(exported.callback)
                .constructor_behavior(v8::ConstructorBehavior::Throw)
                .build(scope);
            let key = exported.key(scope).into();
            prototype.set_accessor_property(key, Some(getter), None, v8::PropertyAttribute::NONE);
        }
        if let Some(constructor) = template.get_function(scope) {
            let binding = v8::Local::new(scope, binding);
            set(scope, binding, self.name, constructor.into());
        }
    }

    /// The native addresses that objects of this class refer to.
    pub fn references(&self) -> Vec<v8::ExternalReference> {
        let methods = (self.methods)().into_iter().chain((self.getters)()).map(|method| method.callback);
        let functions = std::iter::once((self.construct)()).chain(methods);
        functions.map(|function| v8::ExternalReference { function }).collect()
    }
}
