namespace Blackwall.Tarpit.World.State;

/// <summary>One login of the visitor.</summary>
/// <param name="Terminal">"pts/0"; empty: without one.</param>
/// <param name="Until">Null: it goes on.</param>
/// <param name="Process">Of its shell.</param>
internal sealed record LoginRecord(string User, string From, int Port, string Terminal, DateTimeOffset Since, DateTimeOffset? Until, int Process, bool ByKey);
