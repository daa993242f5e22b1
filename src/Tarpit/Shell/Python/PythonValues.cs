using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Blackwall.Tarpit.Shell.Python;

// None is null; bool, BigInteger, double, string and byte[] are themselves.

/// <summary>A class: of the program, or an exception of the language.</summary>
internal sealed class PythonClass(string name, IReadOnlyList<PythonClass> bases, string module = "")
{
    public string Name => name;

    public IReadOnlyList<PythonClass> Bases => bases;

    /// <summary>As an error names it: "socket.gaierror".</summary>
    public string FullName => module.Length > 0 ? module + "." + name : name;

    public Dictionary<string, object?> Members { get; } = new(StringComparer.Ordinal);

    public bool TryFind(string member, out object? value)
    {
        if (Members.TryGetValue(member, out value))
        {
            return true;
        }

        foreach (PythonClass parent in bases)
        {
            if (parent.TryFind(member, out value))
            {
                return true;
            }
        }

        return false;
    }

    public bool Is(PythonClass other) => ReferenceEquals(this, other) || bases.Any(parent => parent.Is(other));
}

/// <summary>An object of a class.</summary>
internal sealed class PythonObject(PythonClass type)
{
    public PythonClass Type => type;

    public Dictionary<string, object?> Members { get; } = new(StringComparer.Ordinal);

    /// <summary>What it stands for outside of the program: an open file, a socket.</summary>
    public object? Native { get; init; }
}

internal sealed class PythonModule(string name)
{
    public string Name => name;

    public Dictionary<string, object?> Members { get; } = new(StringComparer.Ordinal);
}

/// <summary>What the interpreter does itself.</summary>
internal delegate ValueTask<object?> NativeBody(PythonMachine machine, CallArguments arguments);

internal sealed record NativeFunction(string Name, NativeBody Body);

internal sealed record BoundMethod(object? Self, object Function);

internal sealed class PythonFunction(string name, IReadOnlyList<Parameter> parameters, IReadOnlyList<PythonNode> body, PythonNode? expression, Scope scope, bool isGenerator)
{
    public string Name => name;

    public IReadOnlyList<Parameter> Parameters => parameters;

    public IReadOnlyList<PythonNode> Body => body;

    /// <summary>Of a lambda.</summary>
    public PythonNode? Expression => expression;

    public Scope Scope => scope;

    public bool IsGenerator => isGenerator;

    public Dictionary<string, object?> Defaults { get; } = new(StringComparer.Ordinal);
}

internal sealed class PythonList : List<object?>
{
    public PythonList()
    {
    }

    public PythonList(IEnumerable<object?> items)
        : base(items)
    {
    }
}

internal sealed class PythonTuple
{
    private const int Deepest = 150;
    private readonly int _depth;
    private int? _hash;

    public PythonTuple(IEnumerable<object?> items)
    {
        Items = [.. items];
        _depth = 1 + Items.Max(item => (item as PythonTuple)?._depth) ?? 1;
        if (_depth > Deepest)
        {
            throw PythonErrors.New("RecursionError", "maximum recursion depth exceeded");
        }
    }

    public IReadOnlyList<object?> Items { get; }

    /// <summary>Counted once: tuples of tuples share their parts.</summary>
    public int Hash => _hash ??= Items.Aggregate(19, (hash, item) => unchecked((hash * 31) + (item is null ? 0 : PythonKeys.Instance.GetHashCode(item))));
}

/// <summary>Keys keep the order in which they came.</summary>
internal sealed class PythonDictionary
{
    private static readonly object s_none = new();
    private readonly OrderedDictionary<object, object?> _items = new(PythonKeys.Instance);

    public int Count => _items.Count;

    /// <summary>collections.defaultdict; null: a plain one.</summary>
    public object? Factory { get; init; }

    /// <summary>What it is, for repr: "Counter"; empty: a plain one.</summary>
    public string Kind { get; init; } = "";

    public IEnumerable<KeyValuePair<object?, object?>> Items => _items.Select(item => KeyValuePair.Create(ReferenceEquals(item.Key, s_none) ? null : (object?)item.Key, item.Value));

    public object? this[object? key]
    {
        get => _items[key ?? s_none];
        set => _items[key ?? s_none] = value;
    }

    public bool TryGet(object? key, out object? value) => _items.TryGetValue(key ?? s_none, out value);

    public bool Has(object? key) => _items.ContainsKey(key ?? s_none);

    public bool Remove(object? key) => _items.Remove(key ?? s_none);

    public void Clear() => _items.Clear();
}

/// <summary>A set, as the keys of a dictionary.</summary>
internal sealed class PythonSet
{
    public PythonSet(IEnumerable<object?> items)
    {
        foreach (object? item in items)
        {
            Keys[item] = null;
        }
    }

    public PythonDictionary Keys { get; } = new();

    public IEnumerable<object?> Items => Keys.Items.Select(item => item.Key);
}

internal sealed record PythonRange(BigInteger From, BigInteger To, BigInteger Step)
{
    public BigInteger Count => Step.Sign > 0 ? From < To ? (To - From - 1) / Step + 1 : 0 : From > To ? (From - To - 1) / -Step + 1 : 0;
}

/// <summary>slice(from, to, step).</summary>
internal sealed record PythonSlice(object? From, object? To, object? Step);

/// <summary>Something that gives one value after the other.</summary>
internal sealed class PythonIterator(string kind, Func<ValueTask<(bool Has, object? Value)>> next)
{
    public string Kind => kind;

    public ValueTask<(bool Has, object? Value)> NextAsync() => next();

    public static PythonIterator Of(string kind, IEnumerable<object?> items)
    {
        IEnumerator<object?> all = items.GetEnumerator();
        return new PythonIterator(kind, () => new(all.MoveNext() ? (true, all.Current) : (false, null)));
    }
}

/// <summary>Names of a function, a class or the module.</summary>
internal sealed class Scope(Scope? outer, Scope? module, bool isClass = false)
{
    public Dictionary<string, object?> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>The function around it; null: it is the module.</summary>
    public Scope? Outer => outer;

    public Scope Module => module ?? this;

    public bool IsClass => isClass;

    /// <summary>Names of other scopes: true, of the module.</summary>
    public Dictionary<string, bool> Others { get; } = new(StringComparer.Ordinal);
}

/// <summary>Equality and hashes of keys: 1, 1.0 and True are one.</summary>
internal sealed class PythonKeys : IEqualityComparer<object>
{
    public static PythonKeys Instance { get; } = new();

    public new bool Equals(object? x, object? y) => PythonOperators.AreEqual(x, y);

    public int GetHashCode([DisallowNull] object obj) => obj switch
    {
        bool truth => new BigInteger(truth ? 1 : 0).GetHashCode(),
        double real => real == Math.Floor(real) && !double.IsInfinity(real) ? new BigInteger(real).GetHashCode() : real.GetHashCode(),
        byte[] bytes => bytes.Aggregate(17, (hash, value) => unchecked((hash * 31) + value)),
        PythonTuple tuple => tuple.Hash,
        PythonList or PythonDictionary or PythonSet => throw PythonErrors.Type($"unhashable type: '{PythonText.TypeName(obj)}'"),
        _ => obj.GetHashCode(),
    };
}
