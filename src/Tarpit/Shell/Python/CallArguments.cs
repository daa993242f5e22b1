using System.Numerics;

namespace Blackwall.Tarpit.Shell.Python;

/// <summary>What a function of the interpreter is called with.</summary>
internal sealed class CallArguments(string name, IReadOnlyList<object?> values, IReadOnlyDictionary<string, object?> named)
{
    public static IReadOnlyDictionary<string, object?> None { get; } = new Dictionary<string, object?>(StringComparer.Ordinal);

    public string Name => name;

    public IReadOnlyList<object?> Values => values;

    public IReadOnlyDictionary<string, object?> Named => named;

    public int Count => values.Count;

    public bool Has(int at, string? key = null) => at < values.Count || (key is not null && named.ContainsKey(key));

    public object? Get(int at, string? key = null, object? otherwise = null) => at < values.Count ? values[at] : key is not null && named.TryGetValue(key, out object? value) ? value : otherwise;

    /// <summary>One that has to be there.</summary>
    public object? Need(int at, string? key = null) => Has(at, key) ? Get(at, key)
        : throw PythonErrors.Type(key is not null && values.Count == 0 && at == 0 ? $"{name}() missing required argument '{key}' (pos {at + 1})" : at == 0 && values.Count == 0 ? $"{name}() takes at least 1 argument (0 given)" : FormattableString.Invariant($"{name} expected at least {at + 1} argument{(at == 0 ? "" : "s")}, got {values.Count}"));

    public string Text(int at, string? key = null) => Need(at, key) switch
    {
        string text => text,
        byte[] bytes => System.Text.Encoding.Latin1.GetString(bytes),
        PythonObject { Native: string path } => path,
        var other => throw PythonErrors.Type($"{name}() argument {at + 1} must be str, not {PythonText.TypeName(other)}"),
    };

    public byte[] Bytes(int at, string? key = null) => Need(at, key) switch
    {
        byte[] bytes => bytes,
        string => throw PythonErrors.Type("a bytes-like object is required, not 'str'"),
        var other => throw PythonErrors.Type($"a bytes-like object is required, not '{PythonText.TypeName(other)}'"),
    };

    public long Whole(int at, string? key = null, long? otherwise = null) => otherwise is { } value && !Has(at, key) ? value : Need(at, key) switch
    {
        BigInteger number => (long)BigInteger.Max(long.MinValue, BigInteger.Min(long.MaxValue, number)),
        bool truth => truth ? 1 : 0,
        var other => throw PythonErrors.Type($"'{PythonText.TypeName(other)}' object cannot be interpreted as an integer"),
    };

    public double Real(int at, string? key = null, double? otherwise = null) => otherwise is { } value && Get(at, key) is null ? value : Need(at, key) switch
    {
        double real => real,
        BigInteger number => (double)number,
        bool truth => truth ? 1 : 0,
        var other => throw PythonErrors.Type($"must be real number, not {PythonText.TypeName(other)}"),
    };

    /// <summary>Refuses more than so many.</summary>
    public CallArguments AtMost(int count) => values.Count <= count ? this
        : throw PythonErrors.Type(count == 0 ? FormattableString.Invariant($"{name}() takes no arguments ({values.Count} given)") : FormattableString.Invariant($"{name}() takes at most {count} argument{(count == 1 ? "" : "s")} ({values.Count} given)"));
}
