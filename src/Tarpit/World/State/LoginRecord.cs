namespace Blackwall.Tarpit.World.State;

/// <summary>One login of the visitor.</summary>
/// <param name="Terminal">"pts/0"; empty: without one.</param>
/// <param name="Until">Null: it goes on.</param>
/// <param name="Process">Of its shell.</param>
internal sealed record LoginRecord(string User, string From, int Port, string Terminal, DateTimeOffset Since, DateTimeOffset? Until, int Process, bool ByKey)
{
    /// <summary>Number of the session as logind counts them, of the process of its shell.</summary>
    public static int Session(int process) => 1 + (process / 3);
}
