namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>What a command does. Returns its exit status.</summary>
internal delegate ValueTask<int> CommandBody(Invocation invocation);
