using System.Text.Json.Serialization.Metadata;
using Blackwall.Api.Keys;
using Blackwall.Config;
using Blackwall.Composition;
using Blackwall.Storage;

namespace Blackwall.Fingerprints;

/// <summary>Fingerprints of TLS, QUIC, SSH and TCP clients, and the database that names them.</summary>
internal sealed class FingerprintsFeature : IFeature
{
    public string Name => "fingerprints";

    public StartPhase Phase => StartPhase.Rules;

    public IReadOnlyList<IConfigSection> Sections => [new ConfigSection<FingerprintOptions>("fingerprints", new FingerprintOptions()).Annotated()];

    public IJsonTypeInfoResolver Json => FingerprintBodyJson.Default;

    public IReadOnlyList<Scope> Scopes => [FingerprintScopes.Read, FingerprintScopes.Write];

    public IReadOnlyList<Migration> Migrations => [Migration.Embedded(typeof(FingerprintsFeature), 1, "fingerprints", former: 20)];

    public void AddServices(IServiceCollection services, ApplianceConfig config) => services.AddFingerprints();

    public void AddStages(IServiceCollection services) => services.AddFingerprintStage();

    public void MapEndpoints(IEndpointRouteBuilder api) => api.MapFingerprints();
}
