namespace Blackwall.Tarpit.Sessions;

/// <summary>What a statement gave.</summary>
/// <param name="Error">"ERROR 1064 (42000): ..." without its place; null: it went well.</param>
/// <param name="Columns">Empty: there are no rows, it changed something.</param>
internal sealed record DatabaseReply(string? Error, IReadOnlyList<string> Columns, IReadOnlyList<string?[]> Rows, long Affected);
