namespace Blackwall.Tarpit.Sessions;

/// <summary>A session of a database client.</summary>
internal interface IDatabaseShell
{
    /// <summary>The database in use; null: none.</summary>
    string? Database { get; }

    /// <summary>Statements of a text, one after the other, until one fails.</summary>
    IAsyncEnumerable<DatabaseReply> RunAsync(string text, CancellationToken cancellation);
}
