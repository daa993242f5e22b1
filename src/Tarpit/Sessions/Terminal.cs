namespace Blackwall.Tarpit.Sessions;

/// <summary>A terminal that a peer asked for, in characters.</summary>
internal sealed record Terminal(string Name, int Columns, int Rows);
