using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Blackwall.Fingerprints;

/// <summary>Fingerprint databases as text: one JSON object a line, or CSV (RFC 4180) with a first line that names the columns. Pure.</summary>
public static class FingerprintFile
{
    /// <summary>The columns of CSV, in the order that is written; they are read in any.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["kind", "value", "label", "category", "confidence", "source", "note"];

    /// <summary>Most errors that are told of one text.</summary>
    public const int MaxErrors = 100;

    /// <summary>Entries of JSON lines; a later line for the same fingerprint takes the place of an earlier one. Empty lines count for nothing.</summary>
    public static (IReadOnlyList<FingerprintEntry> Entries, IReadOnlyDictionary<string, string[]> Errors) ReadJson(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Sheet sheet = new();
        int number = 0;
        foreach (ReadOnlySpan<char> line in text.EnumerateLines())
        {
            number++;
            if (line.IsWhiteSpace() || sheet.IsOver)
            {
                continue;
            }

            try
            {
                sheet.Add(number, JsonSerializer.Deserialize(line, FingerprintJson.Default.FingerprintLine));
            }
            catch (JsonException failure)
            {
                sheet.Fail(number, $"It is not the JSON that is wanted{(failure.Path is ['$', '.', .. { Length: > 0 } member] ? $", at {member}" : "")}: members are {string.Join(", ", Columns)}; confidence is a number, the others are strings.");
            }
        }

        return sheet.Result();
    }

    /// <summary>Entries of CSV; a later line for the same fingerprint takes the place of an earlier one.</summary>
    public static (IReadOnlyList<FingerprintEntry> Entries, IReadOnlyDictionary<string, string[]> Errors) ReadCsv(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Sheet sheet = new();
        int[]? places = null;
        int at = 0;
        int number = 1;
        while (at < text.Length && !sheet.IsOver)
        {
            int begins = number;
            List<string>? fields = Fields(text, ref at, ref number);
            if (fields is null)
            {
                sheet.Fail(begins, "A quote is not closed, or something follows a closing one.");
            }
            else if (places is null)
            {
                places = [.. Columns.Select(column => fields.IndexOf(column))];
                if (fields.Except(Columns, StringComparer.Ordinal).Any() || places.Take(Columns.Count - 1).Any(place => place < 0))
                {
                    sheet.Fail(begins, $"The first line names the columns: {string.Join(',', Columns)}; note may be missing.");
                    break;
                }
            }
            else if (fields is not [""])
            {
                sheet.Add(begins, Line(places, fields));
            }
        }

        return sheet.Result();
    }

    public static string Json(FingerprintEntry entry) => JsonSerializer.Serialize(FingerprintLine.From(entry), FingerprintJson.Default.FingerprintLine);

    public static string Csv(FingerprintEntry entry)
    {
        FingerprintLine line = FingerprintLine.From(entry);
        return string.Join(',', new[] { line.Kind, line.Value, line.Label, line.Category, line.Confidence?.ToString("R", CultureInfo.InvariantCulture), line.Source, line.Note }.Select(Quote));
    }

    private static FingerprintLine Line(int[] places, List<string> fields)
    {
        string?[] values = [.. places.Select(place => place >= 0 && place < fields.Count ? fields[place] : null)];
        double? confidence = double.TryParse(values[4], NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;
        return new FingerprintLine(values[0], values[1], values[2], values[3], confidence, values[5], values[6]);
    }

    private static List<string>? Fields(string text, ref int at, ref int number)
    {
        List<string> fields = [];
        StringBuilder field = new();
        bool quoted = false;
        bool closed = false;
        bool right = true;
        for (; at < text.Length; at++)
        {
            char c = text[at];
            number += c == '\n' ? 1 : 0;
            if (quoted)
            {
                if (c != '"')
                {
                    field.Append(c);
                }
                else if (at + 1 < text.Length && text[at + 1] == '"')
                {
                    field.Append('"');
                    at++;
                }
                else
                {
                    (quoted, closed) = (false, true);
                }
            }
            else if (c == '"' && field.Length == 0 && !closed)
            {
                quoted = true;
            }
            else if (c is ',' or '\n')
            {
                fields.Add(field.ToString());
                field.Clear();
                closed = false;
                if (c == '\n')
                {
                    at++;
                    return right ? fields : null;
                }
            }
            else if (c != '\r')
            {
                right &= !closed;
                field.Append(c);
            }
        }

        fields.Add(field.ToString());
        return right && !quoted ? fields : null;
    }

    private static string Quote(string? field) =>
        field is null ? "" : field.AsSpan().ContainsAny(",\"\r\n") ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;

    private sealed class Sheet
    {
        private readonly Dictionary<(FingerprintKind Kind, string Value), FingerprintEntry> _entries = [];
        private readonly Dictionary<string, string[]> _errors = new(StringComparer.Ordinal);

        public bool IsOver => _errors.Count >= MaxErrors;

        public void Fail(int number, params string[] sentences) => _errors[string.Create(CultureInfo.InvariantCulture, $"line {number}")] = sentences;

        public void Add(int number, FingerprintLine? line)
        {
            Dictionary<string, string[]> wrong = new(StringComparer.Ordinal);
            if (line is not null && FingerprintReader.Read(line, wrong) is { } entry)
            {
                _entries[(entry.Kind, entry.Value)] = entry;
                if (_entries.Count > FingerprintDatabase.MaxEntries)
                {
                    Fail(number, string.Create(CultureInfo.InvariantCulture, $"More than {FingerprintDatabase.MaxEntries} entries."));
                }
            }
            else
            {
                Fail(number, line is null ? ["It is no entry."] : [.. wrong.Select(pair => $"{pair.Key}: {pair.Value[0]}")]);
            }
        }

        public (IReadOnlyList<FingerprintEntry> Entries, IReadOnlyDictionary<string, string[]> Errors) Result() => ([.. _entries.Values], _errors);
    }
}
