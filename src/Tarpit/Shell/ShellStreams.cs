namespace Blackwall.Tarpit.Shell;

/// <summary>The three streams of a command.</summary>
internal sealed record ShellStreams(ShellInput Input, ShellOutput Output, ShellOutput Error);
