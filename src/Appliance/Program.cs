using Blackwall;

return await ApplianceHost.RunAsync(args, FeatureList.All);
