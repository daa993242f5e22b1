namespace Blackwall.Storage;

/// <summary>The state database cannot be read or written; the message says why.</summary>
#pragma warning disable CA1032 // Made where SQLite has failed, never without both.
public sealed class StoreException(string message, Exception cause) : Exception(message, cause);
#pragma warning restore CA1032
