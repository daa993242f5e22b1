namespace Blackwall.Siem.Sinks;

/// <summary>A sink as it stands.</summary>
/// <param name="Name">Its name, for ever.</param>
/// <param name="Settings">What it is.</param>
/// <param name="Secrets">What it proves itself with.</param>
/// <param name="Revision">Counts up at each change.</param>
/// <param name="Place">The last event that it got.</param>
internal sealed record Sink(string Name, SinkSettings Settings, SinkSecrets Secrets, long Revision, long Place)
{
    public SinkKind Kind => Enum.Parse<SinkKind>(Settings.Kind, ignoreCase: true);
}
