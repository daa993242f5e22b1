using System.Globalization;
using System.Text.Json;
using Blackwall.Cli.Words;

namespace Blackwall.Cli.Import;

/// <summary>The entries of a file to import, each with its place in it, so that what is wrong is named as the operator sees it.</summary>
internal sealed class ImportFile
{
    public static readonly string[] Formats = ["netset", "csv", "json"];

    private static readonly string[] Columns = ["address", "ip", "ip_address", "cidr", "scope", "prefix", "network", "src_ip", "value", "source"];

    // A column or member that says what is to be done; a row that says otherwise than block must not become a block.
    private static readonly string[] Actions = ["action", "verdict", "type", "decision"];
    private static readonly string[] Blocks = ["", "drop", "ban", "block", "blocked", "deny", "reject", "ip", "range", "net", "ipv4", "ipv6", "cidr"];

    // By line of the netset that is sent, from 1: the entry, and how its place is called.
    private readonly List<(string? Entry, string Place)> _entries = [];

    private ImportFile()
    {
    }

    /// <summary>Entries that are not removed.</summary>
    public int Count => _entries.Count(entry => entry.Entry is not null);

    /// <exception cref="CliException">It is not what it should be.</exception>
    public static ImportFile Read(string text, string name, string? format)
    {
        ImportFile file = new();
        switch (format ?? FormatOf(text, name))
        {
            case "json":
                file.ReadJson(text, name);
                break;
            case "csv":
                file.ReadCsv(text);
                break;
            default:
                file.ReadNetset(text);
                break;
        }

        return file.Count > 0 ? file : throw new CliException(CliExit.BadFile, $"{name} has no address or prefix in it.");
    }

    /// <summary>One entry a line, as the API takes them; a removed one is an empty line, so that the numbers stay.</summary>
    public string Netset() => string.Join('\n', _entries.Select(entry => entry.Entry ?? ""));

    public string PlaceOf(int line) => line >= 1 && line <= _entries.Count ? _entries[line - 1].Place : string.Create(CultureInfo.InvariantCulture, $"line {line}");

    public void Remove(int line)
    {
        if (line >= 1 && line <= _entries.Count)
        {
            _entries[line - 1] = (null, _entries[line - 1].Place);
        }
    }

    /// <summary>Removes what is no address or prefix at all; returns how many, each of them told.</summary>
    public int SkipUnreadable(Action<string, string> told)
    {
        int removed = 0;
        for (int line = 1; line <= _entries.Count; line++)
        {
            if (_entries[line - 1] is ({ } entry, { } place) && !ScopeText.IsScope(entry))
            {
                told(place, $"'{entry}' is not an IP address or prefix.");
                Remove(line);
                removed++;
            }
        }

        return removed;
    }

    private static string FormatOf(string text, string name)
    {
        if (text.AsSpan().TrimStart() is ['[' or '{', ..])
        {
            return "json";
        }

        string first = text.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0 && !line.StartsWith('#')) ?? "";
        return name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || first.Contains(',', StringComparison.Ordinal) ? "csv" : "netset";
    }

    private void ReadNetset(string text)
    {
        int number = 0;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            int comment = line.IndexOfAny('#', ';');
            Add((comment < 0 ? line : line[..comment]).Trim().ToString(), string.Create(CultureInfo.InvariantCulture, $"line {++number}"));
        }
    }

    private void ReadCsv(string text)
    {
        (int number, int column, int action) = (0, -1, -1);
        foreach (ReadOnlySpan<char> raw in text.AsSpan().EnumerateLines())
        {
            string place = string.Create(CultureInfo.InvariantCulture, $"line {++number}");
            if (raw.Trim().IsEmpty || raw[0] == '#')
            {
                Add("", place);
                continue;
            }

            List<string> cells = Cells(raw.ToString());
            if (column < 0)
            {
                string[] titles = [.. cells.Select(cell => cell.ToLowerInvariant())];
                int named = Columns.Select(name => Array.IndexOf(titles, name)).FirstOrDefault(index => index >= 0, -1);
                action = named < 0 ? -1 : Actions.Select(name => Array.IndexOf(titles, name)).FirstOrDefault(index => index >= 0 && index != named, -1);
                column = Math.Max(named, 0);
                if (named >= 0)
                {
                    Add("", place);
                    continue;
                }
            }

            Add(
                action >= 0 && action < cells.Count && !IsBlock(cells[action]) ? $"an entry with '{cells[action]}'"
                    : column < cells.Count ? Bare(cells[column]) : $"column {column + 1} missing",
                place);
        }
    }

    // RFC 4180, one record a line: quotes around a cell, and twice within it.
    private static List<string> Cells(string line)
    {
        List<string> cells = [];
        System.Text.StringBuilder cell = new();
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            switch (line[i])
            {
                case '"' when quoted && i + 1 < line.Length && line[i + 1] == '"':
                    cell.Append('"');
                    i++;
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case ',' or ';' or '\t' when !quoted:
                    cells.Add(cell.ToString().Trim());
                    cell.Clear();
                    break;
                default:
                    cell.Append(line[i]);
                    break;
            }
        }

        cells.Add(cell.ToString().Trim());
        return cells;
    }

    private void ReadJson(string text, string name)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            JsonElement array = document.RootElement;
            if (array.ValueKind == JsonValueKind.Object)
            {
                JsonProperty[] arrays = [.. array.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.Array)];
                array = arrays.Length > 1
                    ? throw new CliException(CliExit.BadFile, $"{name} holds several arrays ({string.Join(", ", arrays.Select(member => member.Name))}), and one of them may be what must not be blocked; give a file with one.")
                    : arrays.Select(member => member.Value).FirstOrDefault();
            }

            if (array.ValueKind != JsonValueKind.Array)
            {
                throw new CliException(CliExit.BadFile, $"{name} holds no array; write [\"203.0.113.7\", \"198.51.100.0/24\"].");
            }

            int number = 0;
            foreach (JsonElement item in array.EnumerateArray())
            {
                string place = string.Create(CultureInfo.InvariantCulture, $"item {++number}");
                Add(item.ValueKind == JsonValueKind.Object ? Member(item) : item.ToString(), place, required: true);
            }
        }
        catch (JsonException failure)
        {
            throw new CliException(CliExit.BadFile, $"{name} is no JSON: line {(failure.LineNumber ?? 0) + 1} is not understood.");
        }
    }

    private static string Member(JsonElement item)
    {
        Dictionary<string, string> members = item.EnumerateObject()
            .Where(member => member.Value.ValueKind == JsonValueKind.String)
            .GroupBy(member => member.Name.ToLowerInvariant(), StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.First().Value.GetString()!, StringComparer.Ordinal);
        return Actions.Select(members.GetValueOrDefault).FirstOrDefault(said => said is not null && !IsBlock(said)) is { } other ? $"an entry with '{other}'"
            : Columns.Select(members.GetValueOrDefault).FirstOrDefault(value => value is not null) is { } found ? Bare(found)
            : "an object without address";
    }

    private static bool IsBlock(string said) => Blocks.Contains(said.ToLowerInvariant(), StringComparer.Ordinal);

    // CrowdSec writes "Ip:203.0.113.7" and "Range:203.0.113.0/24".
    private static string Bare(string entry) =>
        entry.StartsWith("Ip:", StringComparison.OrdinalIgnoreCase) ? entry[3..] : entry.StartsWith("Range:", StringComparison.OrdinalIgnoreCase) ? entry[6..] : entry;

    // What stands in one line must stay in one line.
    private void Add(string entry, string place, bool required = false)
    {
        string plain = entry.ReplaceLineEndings(" ").Replace('#', ' ').Replace(';', ' ').Trim();
        _entries.Add((plain.Length == 0 ? required ? "an empty string" : null : plain, place));
    }
}
