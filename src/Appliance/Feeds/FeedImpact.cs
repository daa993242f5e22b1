using System.Text.Json.Serialization;
using Blackwall.Pipeline.Model;

namespace Blackwall.Feeds;

/// <summary>What of the traffic of the last days a list would have stopped.</summary>
/// <param name="Sources">Sources seen that it holds.</param>
/// <param name="Users">Those among them that used services here in the ordinary way.</param>
/// <param name="Agreeing">How many of these sources other feeds hold too, by feed.</param>
/// <param name="Samples">Some of them, ordinary users first; at most 20.</param>
internal sealed record FeedImpact(int Sources, int Users, IReadOnlyDictionary<string, int> Agreeing, IReadOnlyList<ImpactSample> Samples)
{
    /// <summary>All the users, for who judges the list.</summary>
    [JsonIgnore]
    public IReadOnlyList<Address> UserAddresses { get; init; } = [];
}
