namespace Blackwall.Intel;

/// <summary>A version of an object, as it is read out of the store.</summary>
/// <param name="Added">Microseconds since 1970; unique, and the order of every page.</param>
/// <param name="Type">"indicator".</param>
/// <param name="Id">The UUID of its identifier.</param>
/// <param name="Version">When it was modified, as the object spells it; empty: it has no versions.</param>
/// <param name="Body">JSON in UTF-8; empty where it was not asked for.</param>
internal readonly record struct StoredObject(long Added, string Type, Guid Id, string Version, ReadOnlyMemory<byte> Body);
