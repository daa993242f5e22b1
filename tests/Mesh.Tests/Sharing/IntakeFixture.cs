using System.Net;
using Blackwall.Mesh.Consensus;
using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Reputation;
using Blackwall.Mesh.Sharing;
using Blackwall.Mesh.Sybil;

namespace Blackwall.Tests.Mesh.Sharing;

/// <summary>The door for messages of others, with one author who signs.</summary>
internal sealed class IntakeFixture : IDisposable
{
    private readonly AdmissionDesk _admission;
    private ulong _counter;

    public IntakeFixture(SharingOptions? options = null, bool isMember = true)
    {
        Key = PrivateKey.Generate(KeyType.Ed25519);
        Author = PeerId.From(Key.Public);
        Options = (options ?? new SharingOptions { Folder = "", Proof = null }) with { Members = isMember ? new HashSet<PeerId> { Author } : [] };
        Trust = new TrustEngine(Options.Consensus, Book, _ => new NetworkPlace(1, 1, 1), Options.Members.Contains, Options.IsGuarded);
        _admission = new AdmissionDesk(Options.Proof, _ => true, _ => default);
        using PrivateKey self = PrivateKey.Generate(KeyType.Ed25519);
        Intake = new IndicatorIntake(Options, Trust, _admission, new RecentMessages(), Counts, new Lock(), PeerId.From(self.Public)) { Equivocated = Proofs.Add };
    }

    public static DateTimeOffset Now { get; } = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    public PrivateKey Key { get; }

    public PeerId Author { get; }

    public SharingOptions Options { get; }

    public ReputationBook Book { get; } = new();

    public TrustEngine Trust { get; }

    public ShareCounts Counts { get; } = new();

    public IndicatorIntake Intake { get; }

    public List<EquivocationProof> Proofs { get; } = [];

    public IndicatorMessage Message(string address = "1.2.3.4") => new(
        MessageKind.Sighting, IndicatorValue.From(IPAddress.Parse(address)), EvidenceLevel.Exploit, "brute-force", Now, Now, 10, 90, TimeSpan.FromHours(24), Author, 1, ++_counter, Now);

    public byte[] Sign(IndicatorMessage message, string? mesh = null) => SignedIndicator.Sign(message, Key, mesh ?? Options.Mesh).Bytes.ToArray();

    public async Task<(Validation Answer, ShareCount Counted)> JudgeAsync(byte[] bytes, PeerId? via = null, DateTimeOffset? now = null)
    {
        long[] before = [.. Enum.GetValues<ShareCount>().Select(count => Counts[count])];
        Validation answer = await Intake.JudgeAsync(bytes, via ?? Author, now ?? Now);
        return (answer, Enum.GetValues<ShareCount>().Single(count => Counts[count] != before[(int)count]));
    }

    public void Dispose()
    {
        _admission.Dispose();
        Key.Dispose();
    }
}
