using System.Text.Json;

namespace Blackwall.Tui.Sessions;

/// <summary>An asciicast v2 recording as far as it has come: bytes are added, complete lines are read. Bounded; lines that are none are skipped.</summary>
internal sealed class TerminalRecording
{
    private const int LongestLine = 1 << 20;
    private const int MostPieces = 200_000;

    private readonly List<byte> _line = [];
    private readonly List<(TimeSpan At, string Output)> _pieces = [];

    /// <summary>Bytes that were added.</summary>
    public long Length { get; private set; }

    public int Columns { get; private set; } = 80;

    public int Rows { get; private set; } = 24;

    /// <summary>Output in order, with the time since the session began.</summary>
    public IReadOnlyList<(TimeSpan At, string Output)> Pieces => _pieces;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        Length += bytes.Length;
        while (!bytes.IsEmpty)
        {
            int end = bytes.IndexOf((byte)'\n');
            ReadOnlySpan<byte> part = end < 0 ? bytes : bytes[..end];
            if (_line.Count + part.Length <= LongestLine)
            {
                _line.AddRange(part);
            }

            if (end < 0)
            {
                return;
            }

            Read(_line.ToArray());
            _line.Clear();
            bytes = bytes[(end + 1)..];
        }
    }

    private void Read(byte[] line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object)
            {
                (Columns, Rows) = (Size(root, "width", 80), Size(root, "height", 24));
            }
            else if (root.ValueKind == JsonValueKind.Array && root.GetArrayLength() == 3 && _pieces.Count < MostPieces && root[1].ValueEquals("o") && root[0].TryGetDouble(out double seconds))
            {
                _pieces.Add((TimeSpan.FromSeconds(Math.Clamp(seconds, 0, TimeSpan.MaxValue.TotalSeconds / 2)), root[2].GetString() ?? ""));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Cut short, or of another kind.
        }
    }

    private static int Size(JsonElement root, string name, int otherwise) => root.TryGetProperty(name, out JsonElement size) && size.TryGetInt32(out int value) ? value : otherwise;
}
