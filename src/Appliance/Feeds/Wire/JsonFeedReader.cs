using System.Globalization;
using System.Text;
using System.Text.Json;
using Blackwall.Pipeline.Model;

namespace Blackwall.Feeds.Wire;

/// <summary>JSON lines, or one document with a list. An entry is a string, or an object with an address in a member. Pure.</summary>
/// <param name="field">The member that has the address; empty: the first one of those that are usual.</param>
/// <param name="reading">What was read.</param>
internal sealed class JsonFeedReader(string field, FeedReading reading)
{
    private const int MaxDepth = 16;
    private static readonly JsonReaderOptions LineOptions = new() { MaxDepth = MaxDepth };
    private static readonly string[] Usual = ["cidr", "ip", "address", "ip_address", "ipAddress", "prefix", "network", "src_ip", "dst_ip", "indicator", "ioc", "value"];
    private static readonly string[] Notes = ["sblid", "malware", "note", "description", "comment", "name", "threat"];

    /// <summary>How many entries the feed says that it has; null: it does not say.</summary>
    public long? Announced { get; private set; }

    public void Read(ReadOnlySpan<byte> text)
    {
        Rows rows = new(text);
        while (!reading.IsOver && rows.TryRead(out ReadOnlySpan<byte> row))
        {
            if (row.IsEmpty || row[0] is (byte)'#')
            {
                continue;
            }

            // One document may be spread over lines, or stand in one: then the first line is no object with an address.
            if (reading.Rows == 0 && (row[0] is (byte)'[' || !IsWhole(row) || HasList(row)))
            {
                ReadDocument(text);
                return;
            }

            reading.Rows++;
            ReadLine(row);
        }
    }

    /// <summary>Fails when fewer entries came than were announced, or nothing was: the list was cut.</summary>
    public void CheckComplete()
    {
        if (Announced is null)
        {
            reading.Fail("It is cut: its last line, which counts the others, is not there.");
        }

        if (Announced > reading.Entries.Count)
        {
            reading.Fail(string.Create(CultureInfo.InvariantCulture, $"It is cut: it announces {Announced} entries and has {reading.Entries.Count}."));
        }
    }

    private void ReadLine(ReadOnlySpan<byte> row)
    {
        try
        {
            Utf8JsonReader reader = new(row, LineOptions);
            using var document = JsonDocument.ParseValue(ref reader);
            ReadEntry(document.RootElement, row);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            reading.Reject(row);
        }
    }

    private void ReadDocument(ReadOnlySpan<byte> text)
    {
        try
        {
            Utf8JsonReader reader = new(text.StartsWith("\uFEFF"u8) ? text[3..] : text, LineOptions);
            using var document = JsonDocument.ParseValue(ref reader);
            if (ListOf(document.RootElement) is not { } list)
            {
                reading.Fail("It is JSON without a list.");
                return;
            }

            foreach (JsonElement entry in list.EnumerateArray())
            {
                if (reading.IsOver)
                {
                    return;
                }

                reading.Rows++;
                ReadOne(entry);
            }
        }
        catch (JsonException)
        {
            reading.Fail("It is not JSON, or nested too deep.");
        }
    }

    private void ReadOne(JsonElement entry)
    {
        ReadOnlySpan<byte> raw = System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(entry);
        try
        {
            ReadEntry(entry, raw);
        }
        catch (InvalidOperationException)
        {
            // A string that is no Unicode.
            reading.Reject(raw);
        }
    }

    private void ReadEntry(JsonElement entry, ReadOnlySpan<byte> raw)
    {
        if (entry.ValueKind is JsonValueKind.String)
        {
            Take(entry.GetString(), null, raw);
        }
        else if (entry.ValueKind is not JsonValueKind.Object)
        {
            reading.Reject(raw);
        }
        else if (AddressOf(entry) is { } address)
        {
            Take(address, NoteOf(entry), raw);
        }
        else if (entry.TryGetProperty("type", out JsonElement type) && type.ValueKind is JsonValueKind.String && type.ValueEquals("metadata"))
        {
            reading.Rows--;
            Announced = entry.TryGetProperty("records", out JsonElement records) && records.ValueKind is JsonValueKind.Number && records.TryGetInt64(out long count) ? count : null;
        }
        else
        {
            reading.Reject(raw);
        }
    }

    private void Take(string? address, string? note, ReadOnlySpan<byte> raw)
    {
        if (address is { Length: <= 128 } && ScopeText.TryRead(Encoding.UTF8.GetBytes(address), out Prefix scope))
        {
            reading.Add(scope, note);
        }
        else
        {
            reading.Reject(raw);
        }
    }

    private string? AddressOf(JsonElement entry)
    {
        if (field.Length > 0)
        {
            return Text(entry, field);
        }

        foreach (string name in Usual)
        {
            if (Text(entry, name) is { } text)
            {
                return text;
            }
        }

        return null;
    }

    private string? NoteOf(JsonElement entry)
    {
        foreach (string name in Notes)
        {
            if (Text(entry, name) is { Length: <= 1024 } text)
            {
                return reading.Note(Encoding.UTF8.GetBytes(text));
            }
        }

        return null;
    }

    private static string? Text(JsonElement entry, string name) => entry.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static JsonElement? ListOf(JsonElement root)
    {
        if (root.ValueKind is JsonValueKind.Array)
        {
            return root;
        }

        if (root.ValueKind is JsonValueKind.Object)
        {
            foreach (JsonProperty member in root.EnumerateObject())
            {
                if (member.Value.ValueKind is JsonValueKind.Array)
                {
                    return member.Value;
                }
            }
        }

        return null;
    }

    private static bool IsWhole(ReadOnlySpan<byte> row)
    {
        try
        {
            Utf8JsonReader reader = new(row, LineOptions);
            return reader.Read() && reader.TrySkip() && reader.BytesConsumed == row.Length;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private bool HasList(ReadOnlySpan<byte> row)
    {
        Utf8JsonReader reader = new(row, LineOptions);
        using var document = JsonDocument.ParseValue(ref reader);
        try
        {
            return document.RootElement.ValueKind is JsonValueKind.Object && AddressOf(document.RootElement) is null && ListOf(document.RootElement) is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
