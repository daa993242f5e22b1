using Blackwall.Mesh.Federated;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Identity;

namespace Blackwall.Mesh.Sharing;

/// <summary>The topics beside indicators: proofs that an author contradicts itself, and updates of models.</summary>
internal sealed class SideTopics(SharingOptions options, TrustDesk desk, TimeProvider time, Action<string> problem)
{
    private const int MaxProofs = 1024;
    private readonly RequestRate _proofs = new(1, time);
    private readonly ModelIntake _models = new(desk.MayContribute);
    private readonly Lock _modelGate = new();

    /// <summary>An author is silenced for an offence that its own signatures prove.</summary>
    public event Action<PeerId, string>? Offended;

    public event Action<ModelUpdate>? ModelReceived;

    /// <summary>Keeps a proof and tells of it. One an author; whoever doubts it can check both signatures.</summary>
    public void Keep(EquivocationProof proof)
    {
        Offended?.Invoke(proof.Author, "equivocation");
        try
        {
            string folder = Path.Combine(options.Folder, "proofs");
            Directory.CreateDirectory(folder);
            string file = Path.Combine(folder, $"{proof.Author}.proof");
            if (!File.Exists(file))
            {
                foreach (FileInfo old in new DirectoryInfo(folder).GetFiles("*.proof").OrderByDescending(kept => kept.LastWriteTimeUtc).Skip(MaxProofs - 1))
                {
                    old.Delete();
                }

                DurableFile.Write(file, proof.Encode());
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problem($"The proof against {proof.Author} was not kept: {exception.Message}");
        }
    }

    /// <summary>Of authors that were heard of or have done their work alone: identities that accuse themselves cost nothing.</summary>
    public async ValueTask<Validation> JudgeProofAsync(TopicMessage message)
    {
        if (!_proofs.TryAdd(message.Via))
        {
            return Validation.Ignore;
        }

        if (EquivocationProof.TryDecode(message.Data.Span, options.Mesh) is not { } proof)
        {
            desk.Counts.Add(ShareCount.ProofsRefused);
            return Validation.Reject;
        }

        DateTimeOffset now = time.GetUtcNow();
        if (now - proof.Time > options.Consensus.Silence || desk.Read(trust => trust.Reputation.Find(proof.Author)?.IsSilenced(now) == true)
            || !await desk.AdmitsAsync(proof.First.Message, now).ConfigureAwait(false))
        {
            return Validation.Ignore;
        }

        desk.Counts.Add(ShareCount.ProofsTaken);
        desk.Punish(proof.Author, "equivocation", now);
        Keep(proof);
        return Validation.Accept;
    }

    public ValueTask<Validation> JudgeModel(TopicMessage message)
    {
        ModelUpdate? update = null;
        ModelUpdatePart? part = ModelUpdatePart.TryOpen(message.Data.Span, options.Mesh);
        bool isTaken = false;
        if (part is not null)
        {
            lock (_modelGate)
            {
                isTaken = _models.TryTake(part, time.GetUtcNow(), out update);
            }
        }

        desk.Counts.Add(isTaken ? ShareCount.ModelsTaken : ShareCount.ModelsRefused);
        if (update is not null)
        {
            ModelReceived?.Invoke(update);
        }

        return ValueTask.FromResult(part is null ? Validation.Reject : isTaken ? Validation.Accept : Validation.Ignore);
    }
}
