using System.Numerics;
using System.Text;

namespace Blackwall.Tarpit.Shell.Python;

/// <summary>Methods of bytes: those of texts, of which each character is a byte, and a few more.</summary>
internal static class PythonBytesMethods
{
    private static readonly System.Buffers.SearchValues<char> s_digits = System.Buffers.SearchValues.Create("0123456789abcdefABCDEF");
    private static readonly string[] s_shared = ["upper", "lower", "strip", "lstrip", "rstrip", "split", "rsplit", "splitlines", "replace", "startswith", "endswith", "find", "rfind", "index", "count", "zfill", "ljust", "rjust", "center", "partition", "rpartition", "isdigit", "isalpha", "isalnum", "title", "capitalize", "removeprefix", "removesuffix", "join"];

    public static IReadOnlyDictionary<string, NativeBody> All { get; } = Make();

    private static Dictionary<string, NativeBody> Make()
    {
        Dictionary<string, NativeBody> all = new(StringComparer.Ordinal)
        {
            ["decode"] = (machine, a) => new(PythonEncoding.Decode(a.Bytes(0), a.Has(1, "encoding") ? a.Text(1, "encoding") : "utf-8", a.Has(2, "errors") ? a.Text(2, "errors") : "strict")),
            ["hex"] = (machine, a) => new(Convert.ToHexStringLower(a.Bytes(0))),
            ["fromhex"] = (machine, a) => new(FromHex((string)(a.Values[^1] as string ?? throw PythonErrors.Type("fromhex() argument must be str, not " + PythonText.TypeName(a.Values[^1]))))),
            ["append"] = (machine, a) => throw PythonErrors.New("BufferError", "Existing exports of data: object cannot be re-sized"),
            ["__len__"] = (machine, a) => new((BigInteger)a.Bytes(0).Length),
        };
        foreach (string name in s_shared)
        {
            NativeBody body = PythonTextMethods.All[name];
            all[name] = async (machine, a) => name is "join" ? await JoinAsync(machine, a) : ToBytes(await body(machine, new CallArguments(a.Name, [.. a.Values.Select(ToText)], a.Named)));
        }

        return all;
    }

    private static async ValueTask<object?> JoinAsync(PythonMachine machine, CallArguments a)
    {
        PythonList items = await machine.Calls.CollectAsync(a.Need(1));
        int bad = items.FindIndex(item => item is not byte[]);
        return bad >= 0 ? throw PythonErrors.Type(FormattableString.Invariant($"sequence item {bad}: expected a bytes-like object, {PythonText.TypeName(items[bad])} found"))
            : ToBytes(string.Join(Encoding.Latin1.GetString(a.Bytes(0)), items.Select(item => Encoding.Latin1.GetString((byte[])item!))));
    }

    private static object? ToText(object? value) => value is byte[] bytes ? Encoding.Latin1.GetString(bytes) : value is string ? throw PythonErrors.Type("a bytes-like object is required, not 'str'") : value is PythonTuple tuple ? new PythonTuple(tuple.Items.Select(ToText)) : value;

    private static object? ToBytes(object? value) => value switch
    {
        string text => Encoding.Latin1.GetBytes(text),
        PythonList list => new PythonList(list.Select(ToBytes)),
        PythonTuple tuple => new PythonTuple(tuple.Items.Select(ToBytes)),
        _ => value,
    };

    public static byte[] FromHex(string text)
    {
        string digits = text.Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);
        int bad = digits.AsSpan().IndexOfAnyExcept(s_digits);
        return bad >= 0 || digits.Length % 2 != 0 ? throw PythonErrors.Value(FormattableString.Invariant($"non-hexadecimal number found in fromhex() arg at position {(bad >= 0 ? bad : digits.Length)}")) : Convert.FromHexString(digits);
    }
}
