using Blackwall.Tarpit.Recording;

namespace Blackwall.Fuzz.Bombs;

/// <summary>Nobody reads it.</summary>
internal sealed class BombLog : ISessionLog
{
    public string Id => "000000000000";

    public void Record(Observation observation)
    {
        // Nobody reads it.
    }

    public void RecordTerminal(bool isInput, ReadOnlySpan<byte> bytes)
    {
        // Nobody looks at it.
    }

    public string SaveFile(string name, ReadOnlySpan<byte> content) => "";
}
