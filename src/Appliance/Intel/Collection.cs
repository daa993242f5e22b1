using Blackwall.Intel.Stix;

namespace Blackwall.Intel;

/// <summary>A collection of objects that is served by TAXII.</summary>
/// <param name="Number">As it is stored.</param>
/// <param name="Id">A UUID, the same on every appliance.</param>
/// <param name="Alias">A name for it in paths.</param>
/// <param name="Title">For people.</param>
/// <param name="Description">For people.</param>
/// <param name="CanWrite">Whether clients may add objects.</param>
internal sealed record Collection(int Number, Guid Id, string Alias, string Title, string Description, bool CanWrite)
{
    /// <summary>What this appliance knows.</summary>
    public static readonly Collection Local = new(
        1, StixId.Create(StixId.Shared, "collection|intelligence"), "intelligence", "Intelligence of this appliance", "Indicators, sightings and what they rest on, as this appliance sees them. Read only.", CanWrite: false);

    /// <summary>What partners add.</summary>
    public static readonly Collection Shared = new(
        2, StixId.Create(StixId.Shared, "collection|shared"), "shared", "Shared by partners", "Objects that holders of a key add. Indicators of addresses become claims of whoever added them.", CanWrite: true);

    public static IReadOnlyList<Collection> All { get; } = [Local, Shared];

    /// <summary>By its UUID or alias; null: there is none.</summary>
    public static Collection? Find(string name) =>
        All.FirstOrDefault(one => string.Equals(one.Alias, name, StringComparison.Ordinal) || (Guid.TryParseExact(name, "D", out Guid id) && id == one.Id));
}
