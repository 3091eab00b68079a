global using IConfiguration = Pbx.Core.Configuration.IConfiguration;
