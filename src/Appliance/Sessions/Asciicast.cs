using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Blackwall.Sessions;

/// <summary>asciicast v2: a head, then one line for each piece of output ("o") or input ("i"), with the seconds since the beginning.</summary>
internal static class Asciicast
{
    public static byte[] Head(SessionBody session, int columns, int rows) => Line(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("version", 2);
        json.WriteNumber("width", columns);
        json.WriteNumber("height", rows);
        json.WriteNumber("timestamp", session.Started.ToUnixTimeSeconds());
        json.WriteString("title", session.Id);
        json.WriteEndObject();
    });

    /// <summary>Bytes that are no UTF-8 become U+FFFD, as a terminal shows them.</summary>
    public static byte[] Piece(TimeSpan since, bool isInput, ReadOnlySpan<byte> bytes)
    {
        string text = Encoding.UTF8.GetString(bytes);
        return Line(json =>
        {
            json.WriteStartArray();
            json.WriteRawValue(since.TotalSeconds.ToString("0.000000", CultureInfo.InvariantCulture));
            json.WriteStringValue(isInput ? "i" : "o");
            json.WriteStringValue(text);
            json.WriteEndArray();
        });
    }

    private static byte[] Line(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            write(json);
        }

        return [.. buffer.WrittenSpan, (byte)'\n'];
    }

    /// <summary>A terminal's driver makes CR LF of LF; without one a player would show a staircase.</summary>
    public static byte[] WithReturns(byte[] bytes)
    {
        List<byte> text = new(bytes.Length + 16);
        foreach (byte value in bytes)
        {
            if (value == '\n' && (text.Count == 0 || text[^1] != '\r'))
            {
                text.Add((byte)'\r');
            }

            text.Add(value);
        }

        return [.. text];
    }
}
