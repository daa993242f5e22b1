using System.Text.Json;
using System.Text.Json.Serialization;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Reputation;

namespace Blackwall.Mesh.Sharing;

/// <summary>What is known of reporters, and where they were reached, over restarts.</summary>
internal sealed partial class ReputationFile(string path)
{
    private const int MostBytes = 64 * 1024 * 1024;
    private readonly StateFile _file = new(path, MostBytes);

    public string? Problem { get; private set; }

    public void Load(ReputationBook book, Dictionary<PeerId, string> addresses, DateTimeOffset now)
    {
        byte[]? content = _file.Load(out _);
        Problem = _file.Problem;
        try
        {
            foreach (SavedStanding entry in content is null ? [] : JsonSerializer.Deserialize(content, StandingJson.Default.ListSavedStanding) ?? [])
            {
                if (!PeerId.TryParse(entry.Peer, out PeerId? id) || book.Count >= book.Capacity)
                {
                    continue;
                }

                // A clock that was set back makes nobody younger than new.
                PeerStanding standing = new(id, entry.FirstSeen < now ? entry.FirstSeen : now) { LastSeen = entry.LastSeen, Banned = entry.Banned };
                standing.Restore(entry.For, entry.Against, entry.Confirmed, entry.Refuted, entry.Offence, entry.OffenceUntil, entry.Updated);
                book.Add(standing);
                if (entry.Address is not null)
                {
                    addresses[id] = entry.Address;
                }
            }
        }
        catch (JsonException exception)
        {
            Problem = $"{path} is of another version ({exception.Message}); reputations are learnt anew.";
        }
    }

    /// <summary>Throws <see cref="MeshException"/>: the disk refuses.</summary>
    public void Save(ReputationBook book, IReadOnlyDictionary<PeerId, string> addresses) => _file.Save(JsonSerializer.SerializeToUtf8Bytes(
        [
            .. book.All.Select(peer => new SavedStanding(
                $"{peer.Id}", peer.FirstSeen, peer.LastSeen, peer.Updated, peer.For, peer.Against, peer.Confirmed, peer.Refuted, peer.Offence, peer.OffenceUntil, peer.Banned, addresses.GetValueOrDefault(peer.Id))),
        ],
        StandingJson.Default.ListSavedStanding));

    private sealed record SavedStanding(
        string Peer, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, DateTimeOffset Updated, double For, double Against, int Confirmed, int Refuted, string? Offence, DateTimeOffset OffenceUntil, bool Banned, string? Address);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonSerializable(typeof(List<SavedStanding>))]
    private sealed partial class StandingJson : JsonSerializerContext;
}
