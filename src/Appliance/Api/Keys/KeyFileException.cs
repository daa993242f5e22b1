namespace Blackwall.Api.Keys;

/// <summary>The file with the admin key cannot be used; the message says why and what to do.</summary>
#pragma warning disable CA1032 // Thrown in one place, always with both.
internal sealed class KeyFileException(string message, Exception cause) : Exception(message, cause);
#pragma warning restore CA1032
