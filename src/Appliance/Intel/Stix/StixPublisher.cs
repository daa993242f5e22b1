namespace Blackwall.Intel.Stix;

/// <summary>Who publishes: the appliance as a STIX identity, and the name space of all identifiers that it gives.</summary>
/// <param name="Space">Random, made once for each installation.</param>
/// <param name="Name">As people read it.</param>
/// <param name="Created">When it was made; whole milliseconds.</param>
/// <param name="Modified">When it was last renamed; whole milliseconds.</param>
internal sealed record StixPublisher(Guid Space, string Name, DateTimeOffset Created, DateTimeOffset Modified)
{
    public Guid IdentityUuid { get; } = StixId.Create(Space, "identity");

    public string IdentityId => StixId.Text("identity", IdentityUuid);

    /// <summary>The identifier of the indicator of a value: the same at each poll and after each restart.</summary>
    public Guid IndicatorUuid(IndicatorKind kind, string value, int generation) =>
        StixId.Create(Space, generation == 0 ? $"indicator|{(int)kind}|{value}" : $"indicator|{(int)kind}|{value}|{generation}");
}
