using System.Net.Http.Headers;
using Blackwall.Client;
using Blackwall.Tests.Contracts;
using Xunit;

namespace Blackwall.Tests.Clients;

/// <summary>The client that NSwag makes of openapi/blackwall.yaml when this project is built.</summary>
public sealed class CSharpClientTests : IDisposable
{
    private readonly RunningAppliance _appliance = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _appliance.Dispose();

    [Fact]
    public async Task The_generated_client_makes_reads_changes_and_removes_a_rule_and_is_told_why_one_is_refused()
    {
        using HttpClient http = new() { BaseAddress = _appliance.Listen() };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _appliance.NewKey());
        BlackwallClient client = new(http);

        DecisionBody rule = await client.CreateRuleAsync(new DecisionInput { Scope = "203.0.113.9", Verdict = Verdict.Drop, TtlSeconds = 60 }, cancellationToken: Cancellation);
        Assert.Equal((Verdict.Drop, Origin.Operator, true), (rule.Verdict, rule.Origin, rule.Expiry > rule.Start));
        Assert.Equal(rule.Id, Assert.Single((await client.ListRulesAsync(Verdict.Drop, limit: 10, cancellationToken: Cancellation)).Items).Id);

        DecisionBody changed = await client.ReplaceRuleAsync(rule.Id, new DecisionInput { Scope = "203.0.113.9", Verdict = Verdict.RateLimit }, if_Match: "*", cancellationToken: Cancellation);
        Assert.Equal(Verdict.RateLimit, changed.Verdict);
        ApiException<PreviewBody> asked = await Assert.ThrowsAsync<ApiException<PreviewBody>>(
            () => client.CreateRuleAsync(new DecisionInput { Scope = "203.0.113.9", Verdict = Verdict.Pass }, dryRun: true, cancellationToken: Cancellation));
        Assert.Equal((202, Verdict.RateLimit), (asked.StatusCode, asked.Result.Before!.Verdict));

        ApiException<ProblemBody> refused = await Assert.ThrowsAsync<ApiException<ProblemBody>>(
            () => client.CreateRuleAsync(new DecisionInput { Scope = "127.0.0.1", Verdict = Verdict.Drop }, cancellationToken: Cancellation));
        Assert.Equal(409, refused.Result.Status);
        CheckList check = await client.CheckAddressesAsync(new CheckInput { Addresses = ["203.0.113.9", "203.0.113.10"] }, Cancellation);
        Assert.Equal([Verdict.RateLimit, Verdict.Pass], check.Items.Select(item => item.Verdict));

        Assert.NotEmpty((await client.ListAuditAsync(cancellationToken: Cancellation)).Items);
        Assert.NotEmpty((await client.ReadConfigAsync(cancellationToken: Cancellation)).Settings);
        NewKeyBody key = await client.CreateKeyAsync(new KeyInput { Name = "dotnet", Role = KeyRole.Viewer }, Cancellation);
        Assert.Contains(KeyScope.StatsRead, key.Key.Scopes);
        await client.RemoveRuleAsync(rule.Id, cancellationToken: Cancellation);
        Assert.Empty((await client.ListRulesAsync(cancellationToken: Cancellation)).Items);
    }
}
