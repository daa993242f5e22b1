namespace Blackwall.Siem.Sinks;

/// <summary>What became of a change of a sink.</summary>
internal enum SinkChange
{
    Done,
    Missing,
    Exists,
    Stale,
    Full,
}
