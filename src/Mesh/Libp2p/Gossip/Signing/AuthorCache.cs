using Blackwall.Mesh.Libp2p.Gossip.Wire;
using Blackwall.Mesh.Libp2p.Keys;

namespace Blackwall.Mesh.Libp2p.Gossip.Signing;

/// <summary>Authors whose keys were read lately, so that a busy one's key is not read for each message. Any thread may use it; a lost race reads a key twice.</summary>
internal sealed class AuthorCache
{
    private const int Places = 1024;

    private readonly Author?[] _authors = new Author?[Places];

    /// <summary>
    /// The author of a message by its `from` and `key` fields; null: no valid peer id, no key, or a key of somebody else.
    /// </summary>
    public Author? Find(in MessageView message)
    {
        // The id says where to look; the secret in its hash keeps strangers from choosing one place for all.
        if (!MessageId.TryCreate(message.From, out MessageId place))
        {
            return null;
        }

        ref Author? known = ref _authors[place.GetHashCode() & (Places - 1)];
        Author? author = known;
        if (author is not null && author.Id.Bytes.SequenceEqual(message.From) && (message.Key.Length == 0 || message.Key.SequenceEqual(author.Key.Encoded.Span)))
        {
            return author;
        }

        if (!PeerId.TryDecode(message.From, out PeerId? id))
        {
            return null;
        }

        PublicKey? key = message.Key.Length == 0 ? id.TryGetKey() : PublicKey.TryDecode(message.Key, out _);
        if (key is null || PeerId.From(key) != id)
        {
            return null;
        }

        return known = new Author(id, key);
    }
}
