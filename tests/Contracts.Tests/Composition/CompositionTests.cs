using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json.Nodes;
using Blackwall.Api.Keys;
using Blackwall.Composition;
using Blackwall.Config;
using Blackwall.Pipeline.Stages;
using Blackwall.Pipeline.Ports;
using Blackwall.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Blackwall.Tests.Composition;

/// <summary>One more line in the list of features is all that the rest of the appliance has to know of one.</summary>
public sealed class CompositionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("blackwall-composition-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static IReadOnlyList<IFeature> WithSample => [.. FeatureList.All, new SampleFeature()];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_feature_brings_section_endpoint_scope_event_migration_metric_health_and_verb_with_one_line()
    {
        await using WebApplication app = ApplianceHost.Build([], Config("off", "sample.size=5"), WithSample);
        await app.StartAsync(Cancellation);
        Uri place = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First(address => address.StartsWith("http://127", StringComparison.Ordinal)));
        using HttpClient client = await ClientAsync(app, place, SampleFeature.Read, Scope.Admin);

        JsonNode taken = (await client.GetFromJsonAsync<JsonNode>("api/v1/samples", Cancellation))!;
        Assert.Equal((5, 1), ((int)taken["size"]!, (int)taken["rows"]!));
        string page = await client.GetStringAsync("metrics", Cancellation);
        Assert.Contains("blackwall_sample_taken_total{} 1\n", page, StringComparison.Ordinal);
        string[] families = [.. page.Split('\n').Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2])];
        Assert.Empty(families.Where(family => !family.StartsWith("http_server_", StringComparison.Ordinal)).Except(WithSample.SelectMany(feature => feature.Metrics).Select(DashboardTests.Family), StringComparer.Ordinal));
        Assert.Equal("A sample was taken.", (string?)(await client.GetFromJsonAsync<JsonNode>("api/v1/health/ready", Cancellation))!["faults"]!["sample"]);
        JsonNode told = (await client.GetFromJsonAsync<JsonNode>("api/v1/events/history?kind=sample", Cancellation))!;
        Assert.Equal(5, (int)told["items"]![0]!["data"]!["size"]!);
        Assert.Contains("samples:read", app.Services.GetRequiredService<ScopeRegistry>().Words, StringComparer.Ordinal);

        using HttpClient stranger = await ClientAsync(app, place, KeyScopes.Read);
        Assert.Equal(HttpStatusCode.Forbidden, (await stranger.GetAsync("api/v1/samples", Cancellation)).StatusCode);
        await app.StopAsync(Cancellation);
        Assert.Equal(7, await ApplianceHost.RunAsync(["sample"], WithSample));
    }

    [Fact]
    public void A_stage_sees_packets_where_the_appliance_guards()
    {
        using WebApplication app = ApplianceHost.Build([], Config("observe", "network.interface=lo"), WithSample);
        Assert.Contains(app.Services.GetServices<IStage>(), stage => stage is SampleStage);
        using WebApplication off = ApplianceHost.Build([], Config("off"), WithSample);
        Assert.DoesNotContain(off.Services.GetServices<IStage>(), stage => stage is SampleStage);
        Assert.Contains(ReplayPlan.From(WithSample, Config("observe")).Stages, stage => stage is SampleStage);
    }

    [Fact]
    public void Every_number_of_every_part_is_told_by_one_metric()
    {
        using WebApplication app = ApplianceHost.Build([], Config("observe", "network.interface=lo"), WithSample);
        IReadOnlyList<Metric> metrics = app.Services.GetRequiredService<MetricList>().All;
        (string Part, string Number)[] numbers = [.. app.Services.GetServices<IStatsSource>().SelectMany(source => source.Read().Keys.Select(number => (source.Name, number)))];
        Assert.All(numbers, of => Assert.Single(metrics, metric => string.Equals(metric.Part, of.Part, StringComparison.Ordinal) && metric.Tells(of.Number)));
        Assert.All(metrics.Where(metric => metric.Part.Length > 0), metric => Assert.Contains(numbers, of => string.Equals(metric.Part, of.Part, StringComparison.Ordinal) && metric.Tells(of.Number)));
        Assert.Throws<ArgumentException>(() => new MetricList([metrics[0], metrics[0]]));
    }

    [Fact]
    public void Features_are_listed_in_the_order_in_which_they_start()
    {
        Assert.Equal(FeatureList.All.Select(feature => feature.Phase).Order(), FeatureList.All.Select(feature => feature.Phase));
        Assert.Equal(FeatureList.All.Count, FeatureList.All.Select(feature => feature.Name).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void What_a_feature_brings_lies_in_its_folder()
    {
        List<string> astray = [];
        foreach (IFeature feature in FeatureList.All)
        {
            string own = feature.GetType().Namespace!;
            IEnumerable<Type> bodies = feature.Json?.GetType().GetCustomAttributesData()
                .Where(attribute => attribute.AttributeType == typeof(System.Text.Json.Serialization.JsonSerializableAttribute))
                .Select(attribute => (Type)attribute.ConstructorArguments[0].Value!) ?? [];
            IEnumerable<Type> handlers = Routes(feature).Select(endpoint => endpoint.Metadata.GetMetadata<MethodInfo>()!.DeclaringType!);
            IEnumerable<Type> options = feature.Sections.Select(section => section.GetType().GetGenericArguments()[0]);
            astray.AddRange(bodies.Concat(handlers).Concat(options)
                .Where(type => type.Namespace!.StartsWith("Blackwall.", StringComparison.Ordinal))
                .Where(type => type.Namespace is not "Blackwall.Api.Contracts" && !type.Namespace!.StartsWith("Blackwall.Pipeline.", StringComparison.Ordinal) && !string.Equals(type.Namespace, own, StringComparison.Ordinal) && !type.Namespace!.StartsWith(own + ".", StringComparison.Ordinal))
                .Select(type => $"{type} is brought by {feature.GetType()}"));
        }

        Assert.Empty(astray.Distinct(StringComparer.Ordinal));
        Assert.NotEmpty(Routes(new SampleFeature()));
    }

    [Fact]
    public void A_step_that_is_merged_later_runs_and_a_newer_state_is_left_alone()
    {
        Open([("a", new Migration(2, "CREATE TABLE later (x INTEGER) STRICT"))]);
        Open([("a", new Migration(1, "CREATE TABLE sooner (x INTEGER) STRICT")), ("a", new Migration(2, "CREATE TABLE later (x INTEGER) STRICT"))]);
        Assert.Throws<NewerStateException>(() => Open([("a", new Migration(1, ""))]));
        Assert.Throws<ArgumentException>(() => Open([("a", new Migration(1, "")), ("a", new Migration(1, ""))]));
    }

    // Mapped alone, beside the services of all: which parameters of a handler are services is known only then.
    private IReadOnlyList<Endpoint> Routes(IFeature feature)
    {
        using WebApplication app = ApplianceHost.Build([], Config("off"), WithSample);
        RouteGroupBuilder group = app.MapGroup("/alone");
        int before = ((IEndpointRouteBuilder)app).DataSources.Sum(source => source.Endpoints.Count);
        feature.MapEndpoints(group);
        return [.. ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).Skip(before)];
    }

    private void Open(IEnumerable<(string, Migration)> steps)
    {
        Database database = new(Microsoft.Extensions.Options.Options.Create(new StorageOptions { StateFolder = _folder }), new MigrationPlan(steps), TimeProvider.System, NullLogger<Database>.Instance);
        using var connection = database.OpenWriter();
    }

    private ApplianceConfig Config(string mode, params string[] settings)
    {
        string file = Path.Combine(_folder, "blackwall.toml");
        File.WriteAllText(file, "");
        CommandLine line = CommandLine.TryParse(["--config", file, "--state", _folder, .. settings.Prepend("api.listen=http://127.0.0.1:0").Prepend($"network.mode={mode}").SelectMany(setting => new[] { "--set", setting })], out string? error)
            ?? throw new InvalidOperationException(error);
        return ApplianceConfig.TryLoad(line, new System.Collections.Hashtable(), FeatureList.Sections(WithSample), out IReadOnlyList<string> errors) ?? throw new InvalidOperationException(string.Join(' ', errors));
    }

    private static async Task<HttpClient> ClientAsync(WebApplication app, Uri place, params Scope[] scopes)
    {
        string secret = (await app.Services.GetRequiredService<KeyRing>().CreateAsync(scopes[0].Word.Replace(':', '-'), new ScopeSet(scopes), [], null)).Secret!;
        HttpClient client = new() { BaseAddress = place };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        return client;
    }
}
