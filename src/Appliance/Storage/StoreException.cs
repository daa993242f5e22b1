namespace Blackwall.Storage;

/// <summary>The store cannot be read or written; the message says what the disk refused. Nothing of what was asked for is in it.</summary>
#pragma warning disable CA1032 // A store that fails always says why.
public sealed class StoreException(string message, Exception? cause = null) : Exception(message, cause);
#pragma warning restore CA1032
