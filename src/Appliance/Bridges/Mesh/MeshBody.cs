using Blackwall.Api.Contracts;

namespace Blackwall.Bridges.Mesh;

/// <summary>This sensor in the mesh.</summary>
/// <param name="Mode">off, full or relay.</param>
/// <param name="Name">Name of the mesh.</param>
/// <param name="Running">Whether it takes part now.</param>
/// <param name="PeerId">Who this sensor is; null: it does not run.</param>
/// <param name="Addresses">Where peers connect, each with the id.</param>
/// <param name="Connected">Peers that are connected.</param>
/// <param name="Listeners">Peers that hear what is reported.</param>
/// <param name="Waiting">Reports that nobody has heard yet.</param>
/// <param name="Proven">Whether the work of this identity is done, so that strangers hear it.</param>
/// <param name="Topics">What is taken part in.</param>
/// <param name="Counters">What became of messages, by what.</param>
/// <param name="Fault">What is wrong; null: nothing.</param>
public sealed record MeshBody(
    [property: Word(MeshFeature.ModeWords)] string Mode,
    string Name,
    bool Running,
    string? PeerId,
    IReadOnlyList<string> Addresses,
    int Connected,
    int Listeners,
    int Waiting,
    bool Proven,
    IReadOnlyList<MeshTopicBody> Topics,
    IReadOnlyDictionary<string, long> Counters,
    string? Fault);
