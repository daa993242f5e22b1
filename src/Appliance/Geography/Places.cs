using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Microsoft.Extensions.Options;

namespace Blackwall.Geography;

/// <summary>Country and network of addresses, and the operator's rules about them.</summary>
internal sealed class Places : IPlaces, IHealthSource, IHostedService, IDisposable
{
    private const string Reason = "geography";
    private const int MostNetworks = 500_000;

    private readonly VerdictBoard _board;
    private readonly GeographyOptions _options;
    private readonly PlaceDatabase _countries;
    private readonly PlaceDatabase _systems;
    private string? _refused;

    public Places(VerdictBoard board, IOptions<GeographyOptions> options)
    {
        (_board, _options) = (board, options.Value);
        _countries = new PlaceDatabase(_options.CountryFile);
        _systems = new PlaceDatabase(_options.AsnFile);
    }

    public string Name => "geography";

    public bool Ready => true;

    public string? Fault => _countries.Fault ?? _systems.Fault ?? _refused;

    public Place? Find(Address address)
    {
        string? country = _countries.Find<CountryRecord>(address)?.Code;
        AsnRecord? system = _systems.Find<AsnRecord>(address);
        return country is null && system?.Number is null ? null : new Place(country, system?.Number, system?.Organisation);
    }

    /// <summary>Brings the rules of the configuration into force; those of a former one go.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        List<Claim> claims = [];
        if (_options.BlockCountries.Count > 0)
        {
            claims.AddRange(_countries.Networks<CountryRecord>(record => record.Code is { } code && _options.BlockCountries.Contains(code, StringComparer.Ordinal), MostNetworks)
                .Select(scope => new Claim(scope, Verdict.Drop, Reason, Comment: "geography.block_countries")));
        }

        if (_options.BlockAsns.Count > 0)
        {
            claims.AddRange(_systems.Networks<AsnRecord>(record => record.Number is { } number && _options.BlockAsns.Contains(number), MostNetworks)
                .Select(scope => new Claim(scope, Verdict.Drop, Reason, Comment: "geography.block_asns")));
        }

        // A damaged file is no reason to let in whom the last good one kept out.
        if (Fault is null)
        {
            ReconcileResult made = _board.Reconcile(new ClaimOwner(Origin.Operator, Reason), claims);
            _refused = made.Failure ?? (made.Refusals.Count > 0 ? $"A network of geography.block_* is not blocked: {made.Refusals[0].Sentence}" : null);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _countries.Dispose();
        _systems.Dispose();
    }
}
