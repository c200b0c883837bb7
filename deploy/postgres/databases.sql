CREATE DATABASE knowledge OWNER yibao;
