using System.Text;
using Blackwall.Behavior.Judgement;
using Blackwall.Classification;
using Blackwall.Classification.Wire;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Classification;

/// <summary>No text from outside gets into a question: secrets are planted wherever the other side can write, and looked for in every form.</summary>
public sealed class CanaryTests
{
    private const int Prompts = 10_000;

    private static readonly string[] s_canaries = ["CaNaRyPayload7391", "canary-sni-5520.example", "CaNaRyAgent/8.81", "canary_user_4417", "canarylabel6602"];

    private static readonly string[] s_forms = [.. s_canaries.SelectMany(Forms)];

    [Fact]
    public void Secrets_in_everything_that_is_known_of_a_source_never_get_into_ten_thousand_questions()
    {
        var traffic = new Behavior.Traffic();
        foreach (int number in Enumerable.Range(0, Prompts))
        {
            string source = $"10.{number / 65_536}.{number / 256 % 256}.{number % 256}";
            string canary = s_canaries[number % s_canaries.Length];
            traffic.Wait(0.001).Open(source, 80);
            traffic.Establish(source, 80);
            traffic.Request(source, $"GET /{s_canaries[0]}?x=../../etc/passwd HTTP/1.1\r\nHost: {s_canaries[1]}\r\nUser-Agent: {s_canaries[2]}\r\nAuthorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(s_canaries[3] + ":x"))}\r\n\r\n");
            SourceStanding standing = traffic.Stage.Describe(Address.Parse(source))!;
            Evidence[] evidence = [.. traffic.Recorded.Where(e => e.Source == Address.Parse(source)), Hostile(source, "port-scan", canary), Hostile(source, canary, canary)];
            SourceClient[] clients = [new("ssh-banner", canary, canary, canary, 1, default, default, 3), new("ja4", canary, canary, "scanner", 1, default, default, 3)];
            SourceStanding hostile = standing with { Parts = [.. standing.Parts, new StandingPart(canary, 5, 3), new StandingPart($"failedLoginsInADayAtPort{canary}", 5, 3)] };
            traffic.Recorded.Clear();

            Case about = CaseBuilder.Build(Address.Parse(source), hostile, isLimited: false, evidence, clients);
            string prompt = CasePrompt.Write([about]);
            Assert.DoesNotContain(s_forms, form => prompt.Contains(form, StringComparison.OrdinalIgnoreCase));
            Assert.DoesNotContain(source, prompt, StringComparison.Ordinal);

            // What was counted is there: the search is not in vain because nothing is written.
            Assert.Contains("\"port-scan.ports\":7", prompt, StringComparison.Ordinal);
            Assert.Contains("\"client.scanner\":3", prompt, StringComparison.Ordinal);
            Assert.Contains("\"other.seen\":", prompt, StringComparison.Ordinal);
            Assert.Contains("\"failedLoginsInADay\":5", prompt, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Secrets_do_not_go_over_the_wire_either()
    {
        await using ModelFixture f = await ModelFixture.StartAsync();
        f.Clients = [new("ssh-banner", s_canaries[3], s_canaries[2], s_canaries[1], 1, default, default, 3)];
        for (int i = 0; i < 40; i++)
        {
            string source = $"203.0.113.{i + 1}";
            f.Traffic.Open(source, 80);
            f.Traffic.Establish(source, 80);
            f.Traffic.Request(source, $"GET /{s_canaries[0]} HTTP/1.1\r\nHost: {s_canaries[1]}\r\nUser-Agent: {s_canaries[2]}\r\n\r\n");
            f.Scan(source, 20 + (i * 3));
            f.Queue.Add(Address.Parse(source));
        }

        while (await f.Desk.AskOnceAsync(TestContext.Current.CancellationToken))
        {
        }

        Assert.True(f.Server.Asked > 2);
        Assert.All(f.Server.Requests, request => Assert.DoesNotContain(s_forms, form => request.Contains(form, StringComparison.OrdinalIgnoreCase)));
        Assert.All(f.Exchanges.List(long.MaxValue, 100), exchange => Assert.DoesNotContain(s_forms, form => exchange.Question.Contains(form, StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public void The_search_finds_what_is_planted()
    {
        foreach (string canary in s_canaries)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(canary);
            foreach (string text in new[] { $"a{canary}b", Convert.ToHexString(bytes), Convert.ToBase64String(bytes), Convert.ToBase64String([1, .. bytes, 2]), Convert.ToBase64String([1, 2, .. bytes, 3]) })
            {
                Assert.Contains(s_forms, form => text.Contains(form, StringComparison.OrdinalIgnoreCase));
            }
        }
    }

    [Fact]
    public void Every_word_that_detection_counts_by_is_known_to_the_model_and_none_is_text_from_outside()
    {
        Assert.Subset(CaseWords.Evidence.ToHashSet(StringComparer.Ordinal), EvidenceKind.All.Where(kind => kind.IsOfSource).Select(kind => kind.Name).ToHashSet(StringComparer.Ordinal));
        Assert.All(CaseWords.Parts.Concat(CaseWords.Evidence).Concat(CaseWords.Clients), word => Assert.All(word, letter => Assert.True(char.IsAsciiLetter(letter) || letter == '-')));
    }

    // Every text that evidence can hold is the canary.
    private static Evidence Hostile(string source, string kind, string canary) => Evidence.Create(Address.Parse(source), kind, EvidenceClass.Spoofable, 0.5, DateTimeOffset.UnixEpoch, new EvidenceFacts(new Finding(canary, _ => canary))
    {
        Other = canary,
        Inside = canary,
        Network = canary,
        Service = canary,
        Protocol = canary,
        PacketKind = canary,
        Client = canary,
        Category = canary,
        FingerprintKind = canary,
        Fingerprint = canary,
        Rules = [canary],
        From = canary,
        To = canary,
        Ports = 7,
    });

    private static IEnumerable<string> Forms(string canary)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(canary);
        yield return canary;
        yield return Convert.ToHexString(bytes);

        // Base64 at each of the three alignments, without the characters that its neighbours share.
        for (int before = 0; before < 3; before++)
        {
            string text = Convert.ToBase64String([.. new byte[before], .. bytes]);
            yield return text[(before == 0 ? 0 : 4)..((before + bytes.Length) / 3 * 4)];
        }
    }
}
