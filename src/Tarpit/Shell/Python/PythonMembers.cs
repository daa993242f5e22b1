using System.Collections.Frozen;
using System.Numerics;
using Blackwall.Tarpit.Shell.Python.Modules;

namespace Blackwall.Tarpit.Shell.Python;

/// <summary>value.name: members of objects and modules, methods of the language's own values.</summary>
internal static class PythonMembers
{
    private static readonly FrozenDictionary<string, NativeFunction>
        s_text = Table(PythonTextMethods.All), s_bytes = Table(PythonBytesMethods.All), s_list = Table(PythonContainerMethods.Lists), s_tuple = Table(PythonContainerMethods.Tuples),
        s_map = Table(PythonContainerMethods.Dictionaries), s_set = Table(PythonContainerMethods.Sets), s_number = Table(PythonContainerMethods.Numbers), s_iterator = Table(PythonContainerMethods.Iterators);

    private static FrozenDictionary<string, NativeFunction> Table(IReadOnlyDictionary<string, NativeBody> bodies) => bodies.ToFrozenDictionary(pair => pair.Key, pair => new NativeFunction(pair.Key, pair.Value), StringComparer.Ordinal);

    public static object? Get(PythonMachine machine, object? owner, string name) =>
        TryGet(owner, name, out object? value) ? value : throw PythonErrors.Attribute(owner, name, Hint(machine, owner, name));

    private static string Hint(PythonMachine machine, object? owner, string name)
    {
        IEnumerable<string> known = owner switch { PythonModule module => module.Members.Keys, PythonObject thing => thing.Members.Keys.Concat(thing.Type.Members.Keys), _ => Methods(owner)?.Keys ?? [] };
        machine.State.Budget.Charge(10);
        return PythonFrame.Nearest(name, known) is { } near ? $". Did you mean: '{near}'?" : "";
    }

    private static FrozenDictionary<string, NativeFunction>? Methods(object? owner) => owner switch
    {
        string => s_text,
        byte[] => s_bytes,
        PythonList => s_list,
        PythonTuple or PythonRange => s_tuple,
        PythonDictionary => s_map,
        PythonSet => s_set,
        bool or BigInteger or double => s_number,
        PythonIterator => s_iterator,
        _ => null,
    };

    public static bool TryGet(object? owner, string name, out object? value)
    {
        value = null;
        switch (owner)
        {
            case PythonModule module:
                return module.Members.TryGetValue(name, out value) || (name is "__name__" && (value = module.Name) is not null);
            case PythonObject thing:
                if (thing.Members.TryGetValue(name, out value))
                {
                    return true;
                }

                if (thing.Type.TryFind(name, out value))
                {
                    value = value is PythonFunction or NativeFunction ? new BoundMethod(owner, value) : value;
                    return true;
                }

                value = name switch { "__class__" => thing.Type, "__dict__" => PythonReflection.Map(thing.Members), "__doc__" or "__traceback__" or "__cause__" => null, _ => thing };
                return !ReferenceEquals(value, thing);
            case PythonClass type:
                value = name switch { "__name__" or "__qualname__" => type.Name, "__module__" => type.FullName.Contains('.', StringComparison.Ordinal) ? type.FullName.Split('.')[0] : "__main__", _ => null };
                return value is not null || type.TryFind(name, out value);
            case PythonFunction function:
                value = name is "__name__" or "__qualname__" ? function.Name : null;
                return value is not null || name is "__doc__";
            case NativeFunction native:
                value = name is "__name__" or "__qualname__" ? native.Name : null;
                return value is not null || name is "__doc__" || Static(native.Name, name, out value);
        }

        switch (name)
        {
            case "__class__":
                value = new PythonClass(PythonText.TypeName(owner), []);
                return true;
            case "__doc__":
                return true;
            case "real" or "numerator" when owner is BigInteger or double or bool:
                value = owner;
                return true;
        }

        if (Methods(owner) is { } methods && methods.TryGetValue(name, out NativeFunction? method))
        {
            value = new BoundMethod(owner, method);
            return true;
        }

        return false;
    }

    // str.upper, bytes.fromhex, dict.fromkeys, int.from_bytes.
    private static bool Static(string type, string name, out object? value)
    {
        FrozenDictionary<string, NativeFunction>? methods = type switch { "str" => s_text, "bytes" or "bytearray" => s_bytes, "list" => s_list, "dict" => s_map, "set" => s_set, "int" or "float" => s_number, _ => null };
        value = methods?.GetValueOrDefault(name);
        return value is not null;
    }

    public static void Set(PythonMachine machine, object? owner, string name, object? value)
    {
        Dictionary<string, object?> members = owner switch
        {
            PythonObject thing => thing.Members,
            PythonClass type when !PythonErrors.IsKnown(type.Name) => type.Members,
            PythonModule module => module.Members,
            PythonClass type => throw PythonErrors.Type($"cannot set '{name}' attribute of immutable type '{type.Name}'"),
            _ => throw PythonErrors.Attribute(owner, name),
        };
        members[name] = value;
        if (owner is PythonModule { Name: "sys" })
        {
            SysModule.Redirect(machine, name, value);
        }
    }

    public static void Remove(object? owner, string name)
    {
        if (owner is not PythonObject thing || !thing.Members.Remove(name))
        {
            throw PythonErrors.Attribute(owner, name);
        }
    }

    /// <summary>Names for dir().</summary>
    public static IEnumerable<string> Names(object? owner) => owner switch
    {
        PythonModule module => module.Members.Keys,
        PythonObject thing => thing.Members.Keys.Concat(thing.Type.Members.Keys),
        PythonClass type => type.Members.Keys,
        _ => Methods(owner)?.Keys ?? [],
    };
}
