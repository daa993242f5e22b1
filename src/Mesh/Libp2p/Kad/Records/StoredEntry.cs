namespace Blackwall.Mesh.Libp2p.Kad.Records;

/// <summary>Something that is kept for others.</summary>
/// <param name="By">Who put it.</param>
/// <param name="Group">Where that peer came from, see <see cref="GroupLimits.GroupOf"/>; null: ourselves, never evicted.</param>
/// <param name="Distance">Of the key to our id.</param>
internal abstract record StoredEntry(PeerId By, string? Group, Routing.KadKey Distance);
