using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace Blackwall.Tarpit.Shell.Python.Modules;

/// <summary>json.</summary>
internal static class JsonModule
{
    private const int MostTokens = 250_000;
    private static readonly PythonClass s_error = new("JSONDecodeError", [PythonErrors.Get("ValueError")], "json.decoder");

    public static void Fill(PythonMachine machine, PythonModule json)
    {
        json.Members["JSONDecodeError"] = s_error;
        json.Add("loads", (m, a) => Read(a.Text(0, "s")));
        json.AddAsync("load", async (m, a) => Read(await m.Calls.CallAsync(PythonMembers.Get(m, a.Need(0), "read")) is var text && text is byte[] bytes ? PythonEncoding.FromBytes(bytes) : (string)text!));
        json.Add("dumps", (m, a) => Write(a.Need(0), a));
        json.AddAsync("dump", async (m, a) => await m.Calls.CallAsync(PythonMembers.Get(m, a.Need(1), "write"), Write(a.Need(0), a)));
    }

    /// <exception cref="PythonException">It is no JSON.</exception>
    public static object? Read(string text)
    {
        try
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            Count(bytes);
            using JsonDocument document = JsonDocument.Parse(bytes);
            return Value(document.RootElement);
        }
        catch (JsonException e)
        {
            string[] lines = text.Split('\n');
            int line = (int)Math.Min(e.LineNumber ?? 0, lines.Length - 1), column = (int)(e.BytePositionInLine ?? 0), at = lines.Take(line).Sum(part => part.Length + 1) + column;
            string what = text.Trim().Length == 0 || column == 0 ? "Expecting value" : at < text.Length && text[at] == '\'' ? "Expecting property name enclosed in double quotes" : "Expecting ',' delimiter";
            at = text.Trim().Length == 0 ? 0 : at;
            throw PythonErrors.New(s_error, FormattableString.Invariant($"{what}: line {line + 1} column {(text.Trim().Length == 0 ? 0 : column) + 1} (char {at})"));
        }
    }

    // Before a document is made of it: that takes many times the text.
    private static void Count(byte[] text)
    {
        Utf8JsonReader reader = new(text);
        for (int tokens = 0; reader.Read();)
        {
            if (++tokens > MostTokens)
            {
                throw PythonErrors.Memory();
            }
        }
    }

    private static object? Value(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                PythonDictionary map = new();
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    map[property.Name] = Value(property.Value);
                }

                return map;
            case JsonValueKind.Array:
                PythonList list = [];
                foreach (JsonElement item in element.EnumerateArray())
                {
                    list.Add(Value(item));
                }

                return list;
            case JsonValueKind.String:
                return element.GetString();
            case JsonValueKind.Number:
                return BigInteger.TryParse(element.GetRawText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger number) ? number : element.GetDouble();
            case JsonValueKind.True or JsonValueKind.False:
                return element.GetBoolean();
            default:
                return null;
        }
    }

    /// <summary>dumps().</summary>
    public static string Write(object? value, CallArguments a)
    {
        int? indent = a.Get(100, "indent") is BigInteger count ? (int)BigInteger.Max(0, BigInteger.Min(32, count)) : null;
        StringBuilder text = new();
        Write(value, text, indent, 0, PythonOperators.IsTrue(a.Get(100, "sort_keys")), a.Get(100, "ensure_ascii", true) is true);
        return text.ToString();
    }

    private static void Write(object? value, StringBuilder text, int? indent, int depth, bool isSorted, bool isAscii)
    {
        const int deepest = 100, longest = 4 << 20;
        if (depth > deepest || text.Length > longest)
        {
            throw depth > deepest ? PythonErrors.Value("Circular reference detected") : PythonErrors.Memory();
        }

        string line = indent is { } width ? "\n" + new string(' ', width * (depth + 1)) : "", last = indent is { } less ? "\n" + new string(' ', less * depth) : "";
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case bool truth:
                text.Append(truth ? "true" : "false");
                break;
            case BigInteger or double:
                text.Append(PythonText.Represent(value));
                break;
            case string plain:
                Quote(plain, text, isAscii);
                break;
            case PythonDictionary map:
                IEnumerable<KeyValuePair<object?, object?>> items = isSorted ? map.Items.OrderBy(item => PythonText.Plain(item.Key), StringComparer.Ordinal) : map.Items;
                WriteAll('{', '}', items.Select(item => (Action)(() =>
                {
                    Quote(item.Key switch { null => "null", bool key => key ? "true" : "false", var key => PythonText.Plain(key) }, text, isAscii);
                    text.Append(": ");
                    Write(item.Value, text, indent, depth + 1, isSorted, isAscii);
                })));
                break;
            case PythonList or PythonTuple:
                WriteAll('[', ']', (value as PythonList ?? ((PythonTuple)value).Items).Select(item => (Action)(() => Write(item, text, indent, depth + 1, isSorted, isAscii))));
                break;
            default:
                throw PythonErrors.Type($"Object of type {PythonText.TypeName(value)} is not JSON serializable");
        }

        void WriteAll(char open, char close, IEnumerable<Action> parts)
        {
            text.Append(open);
            bool isFirst = true;
            foreach (Action part in parts)
            {
                text.Append(isFirst ? line : indent is null ? ", " : "," + line);
                part();
                isFirst = false;
            }

            text.Append(isFirst ? "" : last).Append(close);
        }
    }

    private static void Quote(string plain, StringBuilder text, bool isAscii)
    {
        text.Append('"');
        foreach (char c in plain)
        {
            text.Append(c switch { '"' => "\\\"", '\\' => "\\\\", '\n' => "\\n", '\r' => "\\r", '\t' => "\\t", '\b' => "\\b", '\f' => "\\f", _ when c < ' ' || (isAscii && c > '~') => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"), _ => c.ToString() });
        }

        text.Append('"');
    }
}
