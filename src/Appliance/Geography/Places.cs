using Blackwall.Config;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Microsoft.Extensions.Options;

namespace Blackwall.Geography;

/// <summary>Country and network of addresses, and the operator's rules about them. Files and rules are taken up anew by a reload.</summary>
internal sealed class Places(VerdictBoard board, IOptions<GeographyOptions> options) : IPlaces, IHealthSource, IHostedService, IReloadable, IDisposable
{
    private const string Reason = "geography";
    private const int MostNetworks = 500_000;

    private volatile PlaceDatabase _countries = new(options.Value.CountryFile);
    private volatile PlaceDatabase _systems = new(options.Value.AsnFile);
    private string? _refused;

    public string Name => "geography";

    public bool Ready => true;

    public string? Fault => _countries.Fault ?? _systems.Fault ?? Volatile.Read(ref _refused);

    public Place? Find(Address address)
    {
        string? country = _countries.Find<CountryRecord>(address)?.Code;
        AsnRecord? system = _systems.Find<AsnRecord>(address);
        return country is null && system?.Number is null ? null : new Place(country, system?.Number, system?.Organisation);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Apply();
        return Task.CompletedTask;
    }

    /// <summary>Reads the files anew, and brings the rules to what the configuration says now. Of a damaged file the former content stays in use.</summary>
    public IReadOnlyList<string> Reload()
    {
        PlaceDatabase countries = new(options.Value.CountryFile);
        PlaceDatabase systems = new(options.Value.AsnFile);
        if ((countries.Fault ?? systems.Fault) is { } fault)
        {
            Volatile.Write(ref _refused, $"{fault} What was read before is still in use.");
            return [fault];
        }

        // Whoever looks something up in the former ones goes on doing so: they are memory alone.
        (_countries, _systems) = (countries, systems);
        Apply();
        return Fault is { } refused ? [refused] : [];
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _countries.Dispose();
        _systems.Dispose();
    }

    /// <summary>Brings the rules of the configuration into force; those of a former one go.</summary>
    private void Apply()
    {
        GeographyOptions wanted = options.Value;
        List<Claim> claims = [];
        if (wanted.BlockCountries.Count > 0)
        {
            claims.AddRange(_countries.Networks<CountryRecord>(record => record.Code is { } code && wanted.BlockCountries.Contains(code, StringComparer.Ordinal), MostNetworks)
                .Select(scope => new Claim(scope, Verdict.Drop, Reason, Comment: "geography.block_countries")));
        }

        if (wanted.BlockAsns.Count > 0)
        {
            claims.AddRange(_systems.Networks<AsnRecord>(record => record.Number is { } number && wanted.BlockAsns.Contains(number), MostNetworks)
                .Select(scope => new Claim(scope, Verdict.Drop, Reason, Comment: "geography.block_asns")));
        }

        // A damaged file is no reason to let in whom the last good one kept out.
        if ((_countries.Fault ?? _systems.Fault) is null)
        {
            ReconcileResult made = board.Reconcile(new ClaimOwner(Origin.Operator, Reason), claims);
            Volatile.Write(ref _refused, made.Failure ?? (made.Refusals.Count > 0 ? $"A network of geography.block_* is not blocked: {made.Refusals[0].Sentence}" : null));
        }
    }
}
